//! Every pass over a syntax tree recurses, and so does dropping it. A tree too deep for that is found here, and taken
//! apart so that no part of it is too deep to drop.

use std::mem;

use swc_core::common::util::take::Take;
use swc_core::common::{DUMMY_SP, Span, Spanned};
use swc_core::ecma::ast::{
    Expr, Ident, JSXElement, JSXElementChild, JSXObject, Pat, Program, Stmt, TsEntityName, TsKeywordType,
    TsKeywordTypeKind, TsModuleBlock, TsNamespaceBody, TsType,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith};

/// Refuses a program that nests more than `max` levels deep, with the place where it does.
/// The program is not whole any more when it is refused.
pub(crate) fn check(program: &mut Program, max: usize) -> Result<(), Span> {
    let mut cutter = Cutter { depth: 0, max, first: None, cut: Vec::new() };
    program.visit_mut_with(&mut cutter);
    // What was cut off is cut again until all parts are small.
    while let Some(mut part) = cutter.cut.pop() {
        match &mut part {
            Part::Expr(expr) => expr.visit_mut_children_with(&mut cutter),
            Part::Stmt(statement) => statement.visit_mut_children_with(&mut cutter),
            Part::Pat(pattern) => pattern.visit_mut_children_with(&mut cutter),
            Part::JsxChildren(children) => children.visit_mut_with(&mut cutter),
            Part::JsxObject(object) => object.visit_mut_children_with(&mut cutter),
            Part::TsType(ty) => ty.visit_mut_children_with(&mut cutter),
            Part::TsEntityName(name) => name.visit_mut_children_with(&mut cutter),
            Part::TsNamespaceBody(body) => body.visit_mut_children_with(&mut cutter),
        }
    }
    cutter.first.map_or(Ok(()), Err)
}

struct Cutter {
    depth: usize,
    max: usize,
    first: Option<Span>,
    cut: Vec<Part>,
}

enum Part {
    Expr(Expr),
    Stmt(Stmt),
    Pat(Pat),
    JsxChildren(Vec<JSXElementChild>),
    JsxObject(JSXObject),
    TsType(TsType),
    TsEntityName(TsEntityName),
    TsNamespaceBody(TsNamespaceBody),
}

impl Cutter {
    fn is_too_deep(&mut self, span: impl FnOnce() -> Span) -> bool {
        let is_too_deep = self.depth >= self.max;
        if is_too_deep {
            self.first.get_or_insert_with(span);
        }
        is_too_deep
    }

    fn deeper<N: VisitMutWith<Self>>(&mut self, node: &mut N) {
        self.depth += 1;
        node.visit_mut_children_with(self);
        self.depth -= 1;
    }
}

impl VisitMut for Cutter {
    fn visit_mut_expr(&mut self, expr: &mut Expr) {
        if self.is_too_deep(|| expr.span()) {
            self.cut.push(Part::Expr(expr.take()));
        } else {
            self.deeper(expr);
        }
    }

    fn visit_mut_stmt(&mut self, statement: &mut Stmt) {
        if self.is_too_deep(|| statement.span()) {
            self.cut.push(Part::Stmt(statement.take()));
        } else {
            self.deeper(statement);
        }
    }

    fn visit_mut_pat(&mut self, pattern: &mut Pat) {
        if self.is_too_deep(|| pattern.span()) {
            self.cut.push(Part::Pat(pattern.take()));
        } else {
            self.deeper(pattern);
        }
    }

    fn visit_mut_jsx_element(&mut self, element: &mut JSXElement) {
        if self.is_too_deep(|| element.span) {
            self.cut.push(Part::JsxChildren(mem::take(&mut element.children)));
        }
        self.deeper(element);
    }

    fn visit_mut_jsx_object(&mut self, object: &mut JSXObject) {
        if self.is_too_deep(|| object.span()) {
            self.cut.push(Part::JsxObject(mem::replace(object, JSXObject::Ident(Ident::dummy()))));
        } else {
            self.deeper(object);
        }
    }

    fn visit_mut_ts_type(&mut self, ty: &mut TsType) {
        if self.is_too_deep(|| ty.span()) {
            let any = TsKeywordType { span: DUMMY_SP, kind: TsKeywordTypeKind::TsAnyKeyword };
            self.cut.push(Part::TsType(mem::replace(ty, TsType::TsKeywordType(any))));
        } else {
            self.deeper(ty);
        }
    }

    fn visit_mut_ts_entity_name(&mut self, name: &mut TsEntityName) {
        if self.is_too_deep(|| name.span()) {
            self.cut.push(Part::TsEntityName(mem::replace(name, TsEntityName::Ident(Ident::dummy()))));
        } else {
            self.deeper(name);
        }
    }

    fn visit_mut_ts_namespace_body(&mut self, body: &mut TsNamespaceBody) {
        if self.is_too_deep(|| body.span()) {
            let empty = TsModuleBlock { span: DUMMY_SP, body: Vec::new() };
            self.cut.push(Part::TsNamespaceBody(mem::replace(body, TsNamespaceBody::TsModuleBlock(empty))));
        } else {
            self.deeper(body);
        }
    }
}
