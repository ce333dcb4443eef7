use std::mem;

use swc_core::common::Spanned;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, Class, ClassMember, Expr, ExprStmt, MemberExpr, MemberProp, Pass, PropName,
    SimpleAssignTarget, StaticBlock, Stmt, ThisExpr,
};
use swc_core::ecma::utils::constructor::inject_after_super;
use swc_core::ecma::utils::default_constructor_with_span;
use swc_core::ecma::visit::{VisitMut, VisitMutWith, visit_mut_pass};

/// Class fields as TypeScript has them with `useDefineForClassFields: false`: assignments in the constructor, or in a
/// static block; a field without a value does nothing. Runs after types are gone.
///
/// A field whose name is computed stays a field: its name is an expression that runs once, when the class is made.
pub(super) fn assign_class_fields() -> impl Pass {
    visit_mut_pass(AssignClassFields)
}

struct AssignClassFields;

impl VisitMut for AssignClassFields {
    fn visit_mut_class(&mut self, class: &mut Class) {
        class.visit_mut_children_with(self);
        let mut assignments = Vec::new();
        for mut member in mem::take(&mut class.body) {
            match &mut member {
                ClassMember::ClassProp(field) if field.decorators.is_empty() => {
                    let Some(name) = as_member(&field.key) else {
                        class.body.push(member);
                        continue;
                    };
                    let span = field.span;
                    if let Some(value) = field.value.take() {
                        if field.is_static {
                            class.body.push(static_block(assign(span, name, value)));
                        } else {
                            assignments.push(assign(span, name, value));
                        }
                    }
                }
                // A private name has to be declared, but gets its value in turn with the others.
                ClassMember::PrivateProp(field) if !field.is_static => {
                    let span = field.span;
                    let name = MemberProp::PrivateName(field.key.clone());
                    assignments.extend(field.value.take().map(|value| assign(span, name, value)));
                    class.body.push(member);
                }
                _ => class.body.push(member),
            }
        }
        if assignments.is_empty() {
            return;
        }
        let constructor = class.body.iter_mut().find_map(|member| match member {
            ClassMember::Constructor(constructor) => Some(constructor),
            _ => None,
        });
        match constructor {
            Some(constructor) => inject_after_super(constructor, assignments),
            None => {
                let mut constructor = default_constructor_with_span(class.super_class.is_some(), class.span);
                inject_after_super(&mut constructor, assignments);
                class.body.insert(0, ClassMember::Constructor(constructor));
            }
        }
    }
}

fn as_member(name: &PropName) -> Option<MemberProp> {
    match name {
        PropName::Ident(name) => Some(MemberProp::Ident(name.clone())),
        PropName::Str(name) => Some(computed(Expr::from(name.clone()))),
        PropName::Num(name) => Some(computed(Expr::from(name.clone()))),
        PropName::BigInt(name) => Some(computed(Expr::from(name.clone()))),
        PropName::Computed(_) => None,
    }
}

fn computed(expr: Expr) -> MemberProp {
    MemberProp::Computed(swc_core::ecma::ast::ComputedPropName { span: expr.span(), expr: Box::new(expr) })
}

fn assign(span: swc_core::common::Span, name: MemberProp, value: Box<Expr>) -> Box<Expr> {
    let target = MemberExpr { span, obj: Box::new(Expr::This(ThisExpr { span })), prop: name };
    Box::new(Expr::Assign(AssignExpr {
        span,
        op: AssignOp::Assign,
        left: AssignTarget::Simple(SimpleAssignTarget::Member(target)),
        right: value,
    }))
}

fn static_block(expr: Box<Expr>) -> ClassMember {
    let span = expr.span();
    let mut block = StaticBlock { span, ..StaticBlock::default() };
    block.body.stmts.push(Stmt::Expr(ExprStmt { span, expr }));
    ClassMember::StaticBlock(block)
}
