//! The insert builder: a type parameter for each required field and each part, and none for the others.

use super::{Model, field::Field, part::Part, respanned};
use crate::attributes::Default_;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Expr, spanned::Spanned};

/// The builder's own methods; the setter of a field with such a name ends in `_`.
const METHODS: [&str; 6] = ["build", "validate", "skip_validation", "save", "on_conflict", "on_constraint"];

fn setter_name(name: &Ident) -> Ident {
    if METHODS.iter().any(|method| name == method) { format_ident!("{name}_") } else { name.clone() }
}

/// A field that must be given.
enum Member<'a> {
    Field(&'a Field),
    Part(&'a Part),
}

impl Member<'_> {
    fn name(&self) -> &Ident {
        match self {
            Member::Field(field) => &field.name,
            Member::Part(part) => &part.name,
        }
    }

    /// Its state in a new builder.
    fn missing(&self, covet: &TokenStream) -> TokenStream {
        let name = self.name();
        match self {
            Member::Field(_) => quote!(missing::#name),
            Member::Part(part) => {
                let embed = part.embed(covet);
                quote!(#embed::Unset<missing::#name>)
            }
        }
    }
}

/// A builder, and what its caller puts around it.
pub struct Builder {
    /// The type and its setters.
    pub items: TokenStream,
    pub name: Ident,
    /// The row of a new one.
    pub defaults: TokenStream,
    /// The parameters for the states.
    pub states: Vec<Ident>,
}

/// The most required fields for which the core says when all are set.
const MOST_STATES: usize = 16;

/// The builder of a model's rows.
pub fn expand(model: &Model<'_>) -> TokenStream {
    let Model { name, covet, .. } = model;
    let Builder { items, name: builder, defaults, states } = of(model, &quote!(#covet::New<#name>));
    // The core says it for builders of fewer required fields.
    let all_given = (states.len() > MOST_STATES).then(|| {
        let all_set = states.iter().map(|_| quote!(#covet::Set));
        quote! {
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl #covet::AllGiven<#name> for (#(#all_set,)*) {}
        }
    });
    quote! {
        #items
        #[automatically_derived]
        impl<#(#states),*> #builder<#(#states),*> {
            /// The row, for `bulk_create`.
            pub fn build(self) -> #covet::New<#name>
            where
                (#(#states,)*): #covet::AllGiven<#name>,
            {
                self.row
            }
            /// Inserts the row and gives it back with its key.
            #[track_caller]
            pub fn save<'a>(self, on: &'a dyn #covet::Executor) -> #covet::Pending<'a, #name>
            where
                (#(#states,)*): #covet::AllGiven<#name>,
            {
                self.row.save(on)
            }
        }
        #[automatically_derived]
        impl<#(#states),*> #covet::NewRow for #builder<#(#states),*> {
            type Model = #name;
            type Given = (#(#states,)*);
            fn row(&self) -> &#covet::New<#name> {
                &self.row
            }
            fn row_mut(&mut self) -> &mut #covet::New<#name> {
                &mut self.row
            }
        }
        #all_given
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl<#(#states),*> #covet::Build<(#(#states,)*)> for #name {
            type Partial = #builder<#(#states),*>;
            fn partial(row: #covet::New<#name>) -> Self::Partial {
                #builder { row, states: ::core::marker::PhantomData }
            }
        }
        #[automatically_derived]
        impl #covet::Create for #name {
            type Builder = #builder;
            fn create() -> #builder {
                #builder { row: Self::defaults(), states: ::core::marker::PhantomData }
            }
            fn defaults() -> #covet::New<#name> {
                #defaults
            }
        }
    }
}

/// The type and its setters, around a `row`.
pub fn of(model: &Model<'_>, row: &TokenStream) -> Builder {
    let Model { name, vis, covet, fields, parts, .. } = model;
    let builder = format_ident!("{}Create", name);
    let required = fields.iter().filter(|field| field.is_required()).map(Member::Field);
    let required: Vec<Member<'_>> = required.chain(parts.iter().map(Member::Part)).collect();
    let states: Vec<Ident> = (0..required.len()).map(|at| format_ident!("S{at}")).collect();
    let missing = required.iter().map(Member::name);
    let initial = required.iter().map(|member| member.missing(covet));
    let given = |name: &Ident| -> Vec<TokenStream> {
        let is_it = |state: (&Ident, &Member<'_>)| {
            if state.1.name() == name {
                quote!(#covet::Set)
            } else {
                let state = state.0;
                quote!(#state)
            }
        };
        states.iter().zip(&required).map(is_it).collect()
    };
    let defaults = fields.iter().filter_map(|field| {
        let Field { ty, at, .. } = field;
        let value = match field.attributes.default.as_ref()? {
            Default_::OfType => quote_spanned!(ty.span()=> <#ty as ::core::default::Default>::default()),
            Default_::Value(value) if is_function(value) => quote_spanned!(value.span()=> (#value)()),
            Default_::Value(value) => quote!(#value),
        };
        let store = quote_spanned!(value.span()=> #covet::Storable::<#ty>::store(#value));
        Some(quote!(.put(#at, #store)))
    });
    let part_defaults = parts.iter().map(|part| {
        let (at, embed) = (&part.at, part.embed(covet));
        quote!(.put_part(#at, #embed::defaults()))
    });
    let setter = |field: &Field| {
        let Field { vis, docs, ty, name, at, .. } = field;
        // Spans of the field, so that a value of a wrong type is an error that shows the field.
        let covet_here = respanned(covet, ty.span());
        let bound = quote_spanned!(ty.span()=> impl #covet_here::Storable<#ty>);
        let (out, setter) = (given(name), setter_name(name));
        let store = match field.attributes.references {
            Some(_) => quote!(store_in(value, &COLUMNS[#at])),
            None => quote!(store(value)),
        };
        quote! {
            #(#docs)*
            #vis fn #setter(self, value: #bound) -> #builder<#(#out),*> {
                #builder { row: self.row.put(#at, #covet::Storable::<#ty>::#store), states: ::core::marker::PhantomData }
            }
        }
    };
    let part_setter = |part: &Part| {
        let Part { vis, docs, ty, name, at, .. } = part;
        let covet_here = respanned(covet, ty.span());
        let bound = quote_spanned!(ty.span()=> impl #covet_here::IntoPart<#ty>);
        let (out, setter) = (given(name), setter_name(name));
        quote! {
            #(#docs)*
            #vis fn #setter(self, value: #bound) -> #builder<#(#out),*> {
                #builder { row: self.row.put_part(#at, #covet::IntoPart::<#ty>::into_part(value)), states: ::core::marker::PhantomData }
            }
        }
    };
    let is_settable = |field: &&Field| field.attributes.generated.is_none();
    let setters = fields.iter().filter(is_settable).map(setter).chain(parts.iter().map(part_setter));
    let items = quote! {
        mod missing {
            #(pub enum #missing {})*
        }
        #[must_use = "the row is not stored before `.save(&db)`"]
        #vis struct #builder<#(#states = #initial),*> {
            row: #row,
            states: ::core::marker::PhantomData<fn() -> (#(#states,)*)>,
        }
        #[automatically_derived]
        impl<#(#states),*> #builder<#(#states),*> {
            #(#setters)*
        }
    };
    let defaults = quote!(<#row>::empty()#(#defaults)*#(#part_defaults)*);
    Builder { items, name: builder, defaults, states }
}

/// A closure, or a path to a function: constants and variants begin with a capital letter.
pub fn is_function(value: &Expr) -> bool {
    let Expr::Path(path) = value else { return matches!(value, Expr::Closure(_)) };
    let last = path.path.segments.last().map(|segment| segment.ident.to_string());
    last.is_some_and(|name| !name.starts_with(char::is_uppercase))
}
