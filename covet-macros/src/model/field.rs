//! One field: its column, its tokens.

use super::{part::Position, respanned, without_self};
use crate::attributes::{self, Default_, FieldAttributes, Touch};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{
    Attribute, Error, Expr, ExprLit, GenericArgument, Lit, PathArguments, Result, Type, Visibility, parse2,
    spanned::Spanned,
};

pub struct Field {
    pub name: Ident,
    pub vis: Visibility,
    pub ty: Type,
    pub docs: Vec<Attribute>,
    pub attributes: FieldAttributes,
    pub is_optional: bool,
    pub is_integer: bool,
    /// A type that is known, and no integer.
    pub is_no_integer: bool,
    pub is_key: bool,
    pub is_auto: bool,
    /// The model that a foreign key points at.
    pub target: Option<Type>,
    /// The type of what it points at, where the field says it.
    pub target_key: Option<Type>,
    /// The position of its column.
    pub at: Position,
}

const INTEGERS: [&str; 7] = ["i16", "i32", "i64", "u8", "u16", "u32", "u64"];

impl Field {
    pub fn read(field: &syn::Field, model: &Ident, at: Position) -> Result<Field> {
        let name = field.ident.clone().ok_or_else(|| Error::new(field.span(), "a model's fields have names"))?;
        let ty = &field.ty;
        let ty: Type = parse2(without_self(quote!(#ty), model))?;
        let attributes = attributes::of_field(&field.attrs)?;
        let inner = argument_of(&ty, "Option").unwrap_or(&ty);
        let is = |names: &[&str]| last_segment(inner).is_some_and(|ident| names.iter().any(|name| ident == name));
        let is_optional = argument_of(&ty, "Option").is_some();
        let max_length = attributes.max_length.map(|(length, _)| length).or_else(|| attributes.rules.max_length());
        attributes.rules.check(inner, max_length)?;
        let is_other = is(&INTEGERS) || is(&["String", "Uuid", "bool", "f32", "f64", "Vec", "DateTime", "ForeignKey"]);
        if is_other && attributes.decimal.is_some() {
            return Err(Error::new(inner.span(), "`decimal(precision, scale)` is for a `Decimal`; this field is none"));
        }
        if is(&["Decimal"]) && attributes.decimal.is_none() {
            return Err(Error::new(
                inner.span(),
                "a `Decimal` says its digits: `#[covet(decimal(10, 2))]` has 2 behind the point",
            ));
        }
        if let Some(span) =
            attributes.uuid_text.filter(|_| is_other && !is(&["Uuid", "ForeignKey"]) || is(&["Decimal"]))
        {
            return Err(Error::new(span, "`uuid` is for a `Uuid`, or a foreign key of one; this field is none"));
        }
        let is_known = is_other || is(&["Decimal", "Json"]);
        if let Some((_, span)) = attributes.max_length.filter(|_| is_known && !is(&["String"])) {
            return Err(Error::new(span, "`max_length` counts the characters of a `String`; this field is none"));
        }
        if let Some((_, span)) = attributes.touch.filter(|_| is_known && !is(&["DateTime"])) {
            return Err(Error::new(span, "`auto_now` and `auto_now_add` are for dates and times; this field is none"));
        }
        if let Some(span) = attributes.version.filter(|_| is_known && !is(&INTEGERS) || is_optional) {
            return Err(Error::new(span, "a `version` is an integer that is not NULL: `i64`, `i32` or `i16`"));
        }
        if let (Some(_), Some((_, span))) = (&attributes.default, attributes.touch) {
            return Err(Error::new(span, "the clock sets this field: remove `default`"));
        }
        if let Some(span) = attributes.soft_delete.filter(|_| !is_optional) {
            return Err(Error::new(
                span,
                "`soft_delete` is for an `Option<DateTime<Utc>>`: NULL while the row is there",
            ));
        }
        if let Some(span) = attributes.tenant.filter(|_| is_optional) {
            return Err(Error::new(span, "every row has a `tenant`: remove the `Option`"));
        }
        let target = argument_of(inner, "ForeignKey").or_else(|| argument_of(inner, "OneToOne")).cloned();
        let target_key = target.as_ref().and_then(|_| arguments(inner)?.nth(1)).cloned();
        if let Some(column) = attributes.references.as_ref().filter(|_| target_key.is_none()) {
            return Err(Error::new(
                column.span(),
                "`references` is for a foreign key that says the type of the column: `ForeignKey<Country, String>`",
            ));
        }
        let mut attributes = attributes;
        if last_segment(inner).is_some_and(|ident| ident == "OneToOne") {
            if attributes.unique {
                return Err(Error::new(name.span(), "a `OneToOne` is unique already: remove `unique`"));
            }
            attributes.unique = true;
        }
        if target.is_some() && attributes.index {
            return Err(Error::new(name.span(), "a foreign key has an index already: remove `index`"));
        }
        check_made(&attributes)?;
        check_on_delete(&attributes, target.is_some(), is_optional)?;
        if let Some(collate) = attributes.about.collate.as_ref().filter(|_| is_known && !is(&["String"])) {
            return Err(Error::new(collate.span(), "`collate` orders texts; this field is none"));
        }
        let is_integer = is(&INTEGERS);
        let is_no_integer = !is(&INTEGERS) && (is_other || is(&["Decimal"]));
        let is_auto = attributes.auto.is_some();
        let docs = field.attrs.iter().filter(|attr| attr.path().is_ident("doc")).cloned().collect();
        Ok(Field {
            name,
            vis: field.vis.clone(),
            docs,
            attributes,
            is_optional,
            is_integer,
            is_no_integer,
            is_key: false,
            is_auto,
            target,
            target_key,
            ty,
            at,
        })
    }

    /// The field's name without `r#`.
    pub fn plain_name(&self) -> String {
        self.name.to_string().trim_start_matches("r#").to_owned()
    }

    /// Whether a new row must be given a value.
    pub fn is_required(&self) -> bool {
        let FieldAttributes { default, touch, version, tenant, db_default, generated, .. } = &self.attributes;
        let is_set = default.is_some() || touch.is_some() || version.is_some() || tenant.is_some();
        !self.is_optional && !self.is_auto && !is_set && db_default.is_none() && generated.is_none()
    }

    /// Whether JSON may set it: not what covet or the database sets, nor what is read only.
    pub fn is_input(&self) -> bool {
        let FieldAttributes { touch, version, tenant, soft_delete, generated, read_only, .. } = &self.attributes;
        let is_set = touch.is_some() || version.is_some() || tenant.is_some() || soft_delete.is_some();
        !self.is_auto && !is_set && generated.is_none() && !read_only
    }

    pub fn column_token(&self) -> Ident {
        match (&self.attributes.token, &self.target) {
            (Some(token), None) => token.clone(),
            (Some(token), Some(_)) => format_ident!("{}_id", token),
            (None, Some(_)) => format_ident!("{}_id", self.name),
            (None, None) => self.name.clone(),
        }
    }

    fn relation_token(&self) -> Ident {
        self.attributes.token.clone().unwrap_or_else(|| self.name.clone())
    }

    /// The names of the constants that the field becomes.
    pub fn token_names(&self) -> Vec<Ident> {
        let mut names = vec![self.column_token()];
        names.extend(self.target.as_ref().map(|_| self.relation_token()));
        names
    }

    /// The `static` of the field's relation.
    pub fn relation_static(&self) -> Ident {
        format_ident!("RELATION_{}", self.plain_name(), span = self.name.span())
    }

    pub fn column_def(&self, covet: &TokenStream) -> TokenStream {
        let (ty, field) = (&self.ty, self.plain_name());
        let default_name = if self.target.is_some() { format!("{field}_id") } else { field.clone() };
        let name = self.attributes.column.clone().unwrap_or(default_name);
        let (auto, optional) = (self.is_auto, quote!(::core::option::Option::Some));
        // Only what a plain column does not have, since each word is paid by every build.
        let mut options = Vec::new();
        let mut option = |is_given: bool, option: TokenStream| options.extend(is_given.then_some(option));
        option(self.is_key && !auto, quote!(primary_key: true));
        option(self.attributes.unique, quote!(unique: true));
        option(self.attributes.rules.blank.is_some() || self.has_empty_default(), quote!(blank: true));
        let rules = &self.attributes.rules;
        option(rules.sensitive, quote!(sensitive: true));
        let max_length = self.attributes.max_length.map(|(length, _)| length).or_else(|| rules.max_length());
        if let Some(length) = max_length {
            let is_text = last_segment(argument_of(ty, "Option").unwrap_or(ty)).is_some_and(|ident| ident == "String");
            // One that `email` implies stands beside that rule, which asks for a text by itself.
            let span = self.attributes.max_length.filter(|_| !is_text).map(|(_, span)| span);
            let length = span.map_or_else(|| quote!(#length), |span| self.checked_length(length, span, covet));
            option(true, quote!(max_length: #optional(#length)));
        }
        if let Some(rules) = rules.expand(ty, covet) {
            option(true, quote!(rules: #rules));
        }
        if let Some(default) = &self.attributes.db_default {
            let default = default.expand(ty, covet);
            option(true, quote!(db_default: #optional(#default)));
        }
        if let Some(generated) = &self.attributes.generated {
            let (sql, stored) = (generated.sql.expand(covet), self.attributes.stored.is_some());
            option(true, quote!(generated: #optional(#covet::Generated { sql: #sql, stored: #stored })));
        }
        option(self.attributes.read_only, quote!(read_only: true));
        if self.attributes.references.is_some() {
            let relation = self.relation_static();
            option(true, quote!(references: #optional(|| #relation.target())));
        }
        if let Some(text) = self.attributes.about.expand(&self.docs, covet) {
            option(true, text);
        }
        let covet_here = respanned(covet, ty.span());
        let column_type = quote_spanned!(ty.span()=> <#ty as #covet_here::SqlType>);
        if let Some((touch, span)) = self.attributes.touch {
            let when = match touch {
                Touch::OnCreate => quote!(#covet::Touch::OnCreate),
                Touch::OnUpdate => quote!(#covet::Touch::OnUpdate),
            };
            let covet_at = respanned(covet, span);
            let touch = quote_spanned!(span=> #covet_at::column_touch(#column_type::KIND, #when));
            option(true, quote!(touch: #touch));
        }
        if let Some(span) = self.attributes.version {
            let covet_at = respanned(covet, span);
            let version = quote_spanned!(span=> #covet_at::column_version(#column_type::KIND, #column_type::NULLABLE));
            option(true, quote!(version: #version));
        }
        if let Some(span) = self.attributes.uuid_text {
            let covet_at = respanned(covet, span);
            option(true, quote_spanned!(span=> kind: #covet_at::column_uuid_text(#column_type::KIND)));
        }
        option(
            self.attributes.soft_delete.is_some(),
            quote_spanned!(ty.span()=> role: #covet_here::deleted_at(#column_type::KIND, #column_type::NULLABLE)),
        );
        option(self.attributes.tenant.is_some(), quote!(role: #covet::Role::Tenant));
        let named = match self.digits(covet) {
            Some(digits) => quote_spanned!(ty.span()=> #column_type::COLUMN.decimal(#name, #field, #digits)),
            None if auto => quote_spanned!(ty.span()=> #column_type::COLUMN.numbered(#name, #field)),
            None => quote_spanned!(ty.span()=> #column_type::COLUMN.named(#name, #field)),
        };
        let named = if self.attributes.index || self.target.is_some() { quote!(#named.indexed()) } else { named };
        // The compiler copies each member of what is behind the dots.
        if options.is_empty() { named } else { quote!(#covet::ColumnDef { #(#options,)* ..#named }) }
    }

    /// A text whose default is the empty text may be empty.
    fn has_empty_default(&self) -> bool {
        let is_text = last_segment(&self.ty).is_some_and(|ident| ident == "String");
        match &self.attributes.default {
            Some(Default_::OfType) => is_text,
            Some(Default_::Value(Expr::Lit(ExprLit { lit: Lit::Str(text), .. }))) => text.value().is_empty(),
            Some(Default_::Value(_)) | None => false,
        }
    }

    /// The longest text of a type that may be none.
    fn checked_length(&self, length: u32, span: Span, covet: &TokenStream) -> TokenStream {
        let (ty, covet) = (&self.ty, respanned(covet, span));
        quote_spanned!(span=> #covet::column_length(
            <#ty as #covet::SqlType>::KIND, <#ty as #covet::SqlType>::CHOICES, #length
        ))
    }

    fn digits(&self, covet: &TokenStream) -> Option<TokenStream> {
        let (precision, scale) = self.attributes.decimal?;
        Some(quote!(#covet::Digits { precision: #precision, scale: #scale }))
    }

    /// Reads the field from `row`, whose columns begin at `at`.
    pub fn decode(&self, covet: &TokenStream, part: bool) -> TokenStream {
        let Field { name, ty, at, .. } = self;
        let covet_here = respanned(covet, ty.span());
        let read = quote_spanned!(ty.span()=> <#ty as #covet_here::SqlType>::read);
        let (table, column) = if part { (quote!(table), quote!(base + #at)) } else { (quote!(&TABLE), quote!(#at)) };
        let row = match self.digits(covet) {
            None if self.attributes.uuid_text.is_some() => quote!(&#covet::UuidTextRow(row)),
            Some(digits) => quote!(&#covet::DecimalRow::new(row, #digits)),
            None => quote!(row),
        };
        quote!(#name: #read(#row, at, #table, #column)?)
    }

    /// The field as a parameter.
    pub fn to_value(&self, covet: &TokenStream) -> TokenStream {
        let Field { name, ty, .. } = self;
        let covet_here = respanned(covet, ty.span());
        let to_value = quote_spanned!(ty.span()=> <#ty as #covet_here::SqlType>::to_value);
        quote!(#to_value(&self.#name))
    }

    /// The constants in the model's `impl`. A generated column is one that cannot be set.
    pub fn token(&self, model: &Ident, covet: &TokenStream) -> TokenStream {
        let Field { vis, docs, ty, name, at, .. } = self;
        let column = self.column_token();
        let token = if self.attributes.generated.is_some() {
            quote!(#covet::Joined<#model, #ty> = #covet::Joined::new(#covet::PathDef::ROOT, &COLUMNS[#at]))
        } else {
            quote!(#covet::Column<#model, #ty> = #covet::Column::nth(#at))
        };
        let relation = self.target.as_ref().map(|_| {
            let token = self.relation_token();
            quote! {
                #(#docs)*
                #vis const #token: #covet::ToOne<#covet::Root<#model>, relation::#name> = #covet::ToOne::NEW;
            }
        });
        quote! {
            #(#docs)*
            #vis const #column: #token;
            #relation
        }
    }

    /// The fields of the columns struct.
    pub fn joined_declaration(&self, covet: &TokenStream) -> TokenStream {
        let Field { vis, docs, ty, name, .. } = self;
        let column = self.column_token();
        let covet_here = respanned(covet, ty.span());
        let inner = quote_spanned!(ty.span()=> <#ty as #covet_here::SqlType>::Inner);
        let joined = if self.is_optional { quote!(#ty) } else { quote_spanned!(ty.span()=> P::Null<#inner>) };
        let relation = self.target.as_ref().map(|_| {
            let token = self.relation_token();
            quote!(, #(#docs)* #vis #token: #covet::ToOne<P, relation::#name>)
        });
        let joined = quote_spanned!(ty.span()=> #covet_here::Joined<P::Root, #joined>);
        quote!(#(#docs)* #vis #column: #joined #relation)
    }

    /// The value of the columns struct; `columns` is where the columns are.
    pub fn joined_value(&self, covet: &TokenStream, columns: &TokenStream) -> TokenStream {
        let at = &self.at;
        let mut column = self.column_token();
        column.set_span(self.ty.span());
        let relation = self.target.as_ref().map(|_| {
            let token = self.relation_token();
            quote!(, #token: #covet::ToOne::NEW)
        });
        let covet_here = respanned(covet, self.ty.span());
        let value = quote_spanned!(self.ty.span()=> #covet_here::Joined::nth(P::DEF, #columns, #at));
        quote!(#column: #value #relation)
    }
}

/// What becomes of a row whose foreign key leads nowhere is said of a foreign key, and can be done.
fn check_on_delete(attributes: &FieldAttributes, is_foreign_key: bool, is_optional: bool) -> Result<()> {
    let Some(word) = &attributes.on_delete else { return Ok(()) };
    if !is_foreign_key {
        return Err(Error::new(word.span(), "`on_delete` is for a foreign key; this field is none"));
    }
    if word == "set_null" && !is_optional {
        return Err(Error::new(word.span(), "`set_null` needs a field that can be NULL: `Option<ForeignKey<..>>`"));
    }
    let has_value = matches!(attributes.db_default, Some(attributes::DbDefault::Value(_)))
        || matches!(attributes.default, Some(Default_::Value(_)));
    if word == "set_default" && !has_value {
        return Err(Error::new(
            word.span(),
            "`set_default` needs a `default = ..` or `db_default = ..` that is a value",
        ));
    }
    Ok(())
}

/// A value has one origin.
fn check_made(attributes: &FieldAttributes) -> Result<()> {
    let Some(generated) = &attributes.generated else {
        let both = attributes.default.is_some() && attributes.db_default.is_some();
        let span = attributes.db_default.as_ref().filter(|_| both).map(attributes::DbDefault::span);
        return span.map_or(Ok(()), |span| {
            Err(Error::new(span, "a `default` is always sent, so the `db_default` would never be used: remove one"))
        });
    };
    let FieldAttributes { default, db_default, primary_key, auto, .. } = attributes;
    if default.is_some() || db_default.is_some() {
        return Err(Error::new(generated.span, "a generated column has no default: remove one of them"));
    }
    if primary_key.is_some() || auto.is_some() {
        return Err(Error::new(generated.span, "a primary key is not generated from other columns"));
    }
    Ok(())
}

pub fn last_segment(ty: &Type) -> Option<&Ident> {
    let Type::Path(path) = ty else { return None };
    path.path.segments.last().map(|segment| &segment.ident)
}

/// `T` of `Wrapper<T>`.
pub fn argument_of<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    if last_segment(ty)? == wrapper { arguments(ty)?.next() } else { None }
}

/// The types in the brackets of a type.
fn arguments(ty: &Type) -> Option<impl Iterator<Item = &Type>> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    fn one(argument: &GenericArgument) -> Option<&Type> {
        if let GenericArgument::Type(ty) = argument { Some(ty) } else { None }
    }
    Some(arguments.args.iter().filter_map(one))
}
