//! `#[derive(Embed)]`: a struct whose fields are columns of the models that flatten it.

use super::{
    Model, builder, debug,
    field::Field,
    insertable,
    part::{self, Part},
    patch, scope,
};
use crate::attributes::{self, ModelAttributes};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Data, DeriveInput, Error, Fields, Result, spanned::Spanned};

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let model = read(input)?;
    let Model { name, vis, covet, fields, parts, end, .. } = &model;
    let columns = part::columns(fields, parts, end, covet);
    let reads = fields.iter().map(|field| field.decode(covet, true));
    let reads = reads.chain(parts.iter().map(|part| part.decode(covet, true)));
    let values = part::values(fields, parts, covet);
    let (tokens, joined) = (format_ident!("{}Tokens", name), format_ident!("{}Columns", name));
    let inside = |part: &Part| {
        let at = &part.at;
        quote!(#covet::Inside<F, { #at }>)
    };
    let (token_parts, token_part_values) = part::members(parts, covet, false, inside);
    let (joined_parts, joined_part_values) = part::members(parts, covet, true, inside);
    let token_fields = fields.iter().map(|field| {
        let Field { vis, docs, ty, .. } = field;
        let token = field.column_token();
        quote!(#(#docs)* #vis #token: #covet::Column<F::Model, #ty>)
    });
    let token_values = fields.iter().map(|field| {
        let (token, at) = (field.column_token(), &field.at);
        quote!(#token: #covet::Column::new(&F::COLUMNS[#at]))
    });
    let joined_fields = fields.iter().map(|field| field.joined_declaration(covet));
    let joined_values = fields.iter().map(|field| field.joined_value(covet, &quote!(F::COLUMNS)));
    let builder::Builder { items, name: builder, defaults, states } = builder::of(&model, &quote!(#covet::Part<#name>));
    let all_set: Vec<_> = states.iter().map(|_| quote!(#covet::Set)).collect();
    let is_required = fields.iter().any(Field::is_required);
    let unset = match parts.as_slice() {
        [] if !is_required => quote!(#covet::Set),
        [part] if !is_required => {
            let embed = part.embed(covet);
            quote!(#embed::Unset<S>)
        }
        // Of several parts inside, the derive cannot know whether one has to be given.
        _ => quote!(S),
    };
    let debug = model.debug.then(|| debug::expand(&model));
    let presence = scope::presence(fields, parts, false, covet);
    let insertable = model.extras.insertable.then(|| insertable::fields(&model));
    let (patch, patch_impls) = model.extras.patch.then(|| patch::of(&model)).unzip();
    let patch_name =
        if model.extras.patch { patch::name_of(name).to_token_stream() } else { quote!(#covet::NoPatch<Self>) };
    Ok(quote! {
        #patch
        #[allow(non_camel_case_types, non_snake_case, non_upper_case_globals, dead_code, unreachable_pub, missing_docs, clippy::all, clippy::pedantic)]
        const _: () = {
            #columns
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl #covet::Embed for #name {
                const COLUMNS: &'static [#covet::ColumnDef] = &COLUMNS;
                type Tokens<F: #covet::Flattened> = #tokens<F>;
                type Joined<P: #covet::Path, F: #covet::Flattened> = #joined<P, F>;
                type Unset<S> = #unset;
                type Presence = #presence;
                type Builder = #builder;
                type Patch = #patch_name;
                fn decode(row: &dyn #covet::Row, at: usize, table: &'static #covet::TableDef, base: usize) -> #covet::Result<Self> {
                    ::core::result::Result::Ok(#name { #(#reads),* })
                }
                fn values(&self, values: &mut ::std::vec::Vec<#covet::Value>) {
                    #values
                }
                fn defaults() -> #covet::Part<Self> {
                    #defaults
                }
                fn create() -> #builder {
                    #builder { row: <#name as #covet::Embed>::defaults(), states: ::core::marker::PhantomData }
                }
            }
            #vis struct #tokens<F: #covet::Flattened> {
                #(#token_fields,)*
                #(#token_parts,)*
                covet_place: ::core::marker::PhantomData<fn() -> F>,
            }
            #[automatically_derived]
            impl<F: #covet::Flattened> #covet::Columns for #tokens<F> {
                const NEW: &'static Self = &#tokens { #(#token_values,)* #(#token_part_values,)* covet_place: ::core::marker::PhantomData };
            }
            #vis struct #joined<P: #covet::Path, F: #covet::Flattened> {
                #(#joined_fields,)*
                #(#joined_parts,)*
                covet_place: ::core::marker::PhantomData<fn() -> (P, F)>,
            }
            #[automatically_derived]
            impl<P: #covet::Path, F: #covet::Flattened> #covet::Columns for #joined<P, F> {
                const NEW: &'static Self = &#joined { #(#joined_values,)* #(#joined_part_values,)* covet_place: ::core::marker::PhantomData };
            }
            #items
            #debug
            #insertable
            #patch_impls
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl #covet::IntoPart<#name> for #builder<#(#all_set),*> {
                fn into_part(self) -> #covet::Part<#name> {
                    self.row
                }
            }
        };
    })
}

fn read(input: &DeriveInput) -> Result<Model<'_>> {
    let name = &input.ident;
    let fields = match &input.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(_) | Data::Union(_) => &Fields::Unit,
    };
    let Fields::Named(fields) = fields else {
        return Err(Error::new(name.span(), "what is flattened into models is a struct with named fields"));
    };
    if !input.generics.params.is_empty() {
        return Err(Error::new(input.generics.span(), "a struct of flattened fields has no generic parameters"));
    }
    let ModelAttributes { covet, debug, extras, .. } = attributes::of_embed(&input.attrs)?;
    let covet = covet.unwrap_or_else(|| quote!(::covet::__private));
    let (fields, parts, end) = part::read(fields, name, &covet)?;
    if extras.insertable {
        insertable::check(&fields)?;
    }
    for field in &fields {
        let key = field.attributes.primary_key.or(field.attributes.auto);
        if let Some(span) = key {
            return Err(Error::new(span, "a primary key stands in the model itself"));
        }
        if let Some(generated) = &field.attributes.generated {
            return Err(Error::new(generated.span, "a generated column stands in the model itself"));
        }
        if let Some(target) = &field.target {
            return Err(Error::new(target.span(), "a foreign key stands in the model itself"));
        }
    }
    Ok(Model { debug, extras, ..Model::new(input, covet, (fields, parts, end)) })
}
