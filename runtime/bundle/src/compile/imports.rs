use std::ops::Range;

use swc_core::common::{Span, Spanned};
use swc_core::ecma::ast::{
    BinaryOp, CallExpr, Callee, ExportAll, Expr, ImportDecl, Lit, NamedExport, ObjectLit, Program, Prop, PropName,
    PropOrSpread, Str,
};
use swc_core::ecma::visit::{Visit, VisitWith};

use crate::import_map::is_path;
use crate::resolve::Pattern;

/// One import of a module, static or by `import()`.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    pub(crate) request: Request,
    /// Where in the file the specifier stands.
    pub(crate) range: Range<usize>,
    pub(crate) attributes: Vec<Attribute>,
}

#[derive(Debug, Clone)]
pub(crate) enum Request {
    Exact(String),
    Pattern(Pattern),
}

/// `type: "json"` of `with { type: "json" }`.
#[derive(Debug, Clone)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) range: Range<usize>,
}

/// Every import in `program` whose target can be known. `unplaced` stands for the place of those that the compiler
/// added.
pub(super) fn collect(
    program: &Program,
    range: impl Fn(Span) -> Option<Range<usize>>,
    unplaced: Range<usize>,
) -> Vec<Import> {
    let mut collector = Collector { imports: Vec::new(), range, unplaced };
    program.visit_with(&mut collector);
    collector.imports
}

struct Collector<F> {
    imports: Vec<Import>,
    range: F,
    unplaced: Range<usize>,
}

impl<F: Fn(Span) -> Option<Range<usize>>> Collector<F> {
    fn add(&mut self, request: Request, span: Span, with: Option<&ObjectLit>) {
        let attributes = with.map(|with| self.attributes(with)).unwrap_or_default();
        let range = (self.range)(span).unwrap_or(self.unplaced.clone());
        self.imports.push(Import { request, range, attributes });
    }

    fn add_static(&mut self, src: &Str, with: Option<&ObjectLit>) {
        self.add(Request::Exact(src.value.to_string_lossy().into_owned()), src.span, with);
    }

    fn attributes(&self, with: &ObjectLit) -> Vec<Attribute> {
        let constant = |prop: &PropOrSpread| {
            let (name, value) = property(prop)?;
            let Expr::Lit(Lit::Str(value)) = value else { return None };
            let range = (self.range)(prop.span()).unwrap_or(self.unplaced.clone());
            Some(Attribute { name, value: value.value.to_string_lossy().into_owned(), range })
        };
        with.props.iter().filter_map(constant).collect()
    }
}

impl<F: Fn(Span) -> Option<Range<usize>>> Visit for Collector<F> {
    fn visit_import_decl(&mut self, import: &ImportDecl) {
        self.add_static(&import.src, import.with.as_deref());
    }

    fn visit_named_export(&mut self, export: &NamedExport) {
        if let Some(src) = &export.src {
            self.add_static(src, export.with.as_deref());
        }
    }

    fn visit_export_all(&mut self, export: &ExportAll) {
        self.add_static(&export.src, export.with.as_deref());
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        call.visit_children_with(self);
        if !matches!(call.callee, Callee::Import(_)) {
            return;
        }
        let Some(specifier) = call.args.first().filter(|argument| argument.spread.is_none()) else { return };
        let with = call.args.get(1).and_then(|options| match &*options.expr {
            Expr::Object(options) => options.props.iter().find_map(|prop| match property(prop) {
                Some((name, Expr::Object(with))) if name == "with" => Some(with),
                _ => None,
            }),
            _ => None,
        });
        if let Some(request) = request(&specifier.expr) {
            self.add(request, specifier.expr.span(), with);
        }
    }
}

/// What the argument of an `import()` can mean, as far as it is known before it runs.
fn request(argument: &Expr) -> Option<Request> {
    let mut parts = vec![String::new()];
    append(argument, &mut parts);
    if parts.len() == 1 {
        return parts.pop().map(Request::Exact);
    }
    is_path(&parts[0]).then_some(Request::Pattern(Pattern { parts }))
}

/// Appends the text of `expr` to the last of `parts`, with a new part after each computed value.
fn append(expr: &Expr, parts: &mut Vec<String>) {
    match expr {
        Expr::Lit(Lit::Str(text)) => push(parts, &text.value.to_string_lossy()),
        Expr::Paren(paren) => append(&paren.expr, parts),
        Expr::Bin(sum) if sum.op == BinaryOp::Add && (is_text(&sum.left) || is_text(&sum.right)) => {
            append(&sum.left, parts);
            append(&sum.right, parts);
        }
        Expr::Tpl(template) => {
            for (index, quasi) in template.quasis.iter().enumerate() {
                if let Some(cooked) = &quasi.cooked {
                    push(parts, &cooked.to_string_lossy());
                }
                if let Some(computed) = template.exprs.get(index) {
                    append(computed, parts);
                }
            }
        }
        _ => parts.push(String::new()),
    }
}

/// Whether adding `expr` to something makes a text of it.
fn is_text(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(Lit::Str(_)) | Expr::Tpl(_) => true,
        Expr::Paren(paren) => is_text(&paren.expr),
        Expr::Bin(sum) => sum.op == BinaryOp::Add && (is_text(&sum.left) || is_text(&sum.right)),
        _ => false,
    }
}

fn push(parts: &mut [String], text: &str) {
    parts.last_mut().expect("there is a part from the start").push_str(text);
}

/// A property with a constant name.
fn property(prop: &PropOrSpread) -> Option<(String, &Expr)> {
    let Prop::KeyValue(pair) = &**prop.as_prop()? else { return None };
    let name = match &pair.key {
        PropName::Ident(name) => name.sym.to_string(),
        PropName::Str(name) => name.value.to_string_lossy().into_owned(),
        _ => return None,
    };
    Some((name, &pair.value))
}
