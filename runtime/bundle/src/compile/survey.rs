use swc_core::atoms::Atom;
use swc_core::common::{Span, Spanned};
use swc_core::ecma::ast::{
    AssignExpr, AssignTarget, AutoAccessor, BindingIdent, Callee, Decl, Decorator, Expr, Ident, ImportDecl, JSXElement,
    JSXFragment, Lit, MemberExpr, MemberProp, Module, ModuleDecl, ModuleItem, Program, Prop, SimpleAssignTarget, Stmt,
    TsModuleRef,
};
use swc_core::ecma::visit::{Visit, VisitWith};

use crate::pack::node;

/// What has to be known of a file before it is compiled.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) has_decorators: bool,
    /// Whether a class has an `accessor` field, which V8 does not know.
    pub(super) has_accessors: bool,
    pub(super) first_jsx: Option<Span>,
    /// What only a CommonJS module may say.
    pub(super) commonjs: Vec<(&'static str, Span)>,
    /// The globals of Node that are named.
    node_globals: Vec<(&'static str, Span)>,
    /// The names among those globals that the file itself declares, wherever it does.
    declared: Vec<Atom>,
}

impl Survey {
    pub(super) fn of(program: &Program) -> Self {
        let mut survey = Survey::default();
        program.visit_with(&mut survey);
        if let Program::Module(module) = program {
            survey.look_for_commonjs(module);
        }
        survey
    }

    /// Where the file uses a global of Node for the first time.
    pub(super) fn node_global(&self) -> Option<(&'static str, Span)> {
        self.node_globals.iter().find(|(name, _)| self.declared.iter().all(|declared| declared != name)).copied()
    }

    fn look_for_node_global(&mut self, ident: &Ident) {
        let globals = node::GLOBALS.iter().map(|(name, ..)| *name).chain(["global"]);
        self.node_globals.extend(globals.filter(|name| &*ident.sym == *name).map(|name| (name, ident.span)));
    }

    fn look_for_commonjs(&mut self, module: &Module) {
        let mut is_es_module = false;
        let mut found = Vec::new();
        for item in &module.body {
            match item {
                ModuleItem::ModuleDecl(ModuleDecl::TsImportEquals(import)) => {
                    if !import.is_type_only && matches!(import.module_ref, TsModuleRef::TsExternalModuleRef(_)) {
                        self.commonjs.push(("\"import = require()\"", import.span));
                    }
                }
                ModuleItem::ModuleDecl(ModuleDecl::TsExportAssignment(export)) => {
                    self.commonjs.push(("\"export =\"", export.span));
                }
                ModuleItem::ModuleDecl(_) => is_es_module = true,
                ModuleItem::Stmt(statement) => found.extend(commonjs_statement(statement)),
            }
        }
        // An ES module may have a variable of any of these names.
        if !is_es_module {
            self.commonjs.extend(found);
        }
    }
}

impl Visit for Survey {
    fn visit_decorator(&mut self, decorator: &Decorator) {
        self.has_decorators = true;
        decorator.visit_children_with(self);
    }

    fn visit_auto_accessor(&mut self, accessor: &AutoAccessor) {
        self.has_accessors = true;
        accessor.visit_children_with(self);
    }

    fn visit_jsx_element(&mut self, element: &JSXElement) {
        self.first_jsx.get_or_insert(element.opening.span);
        element.visit_children_with(self);
    }

    fn visit_expr(&mut self, expr: &Expr) {
        if let Expr::Ident(ident) = expr {
            self.look_for_node_global(ident);
        }
        expr.visit_children_with(self);
    }

    fn visit_prop(&mut self, prop: &Prop) {
        if let Prop::Shorthand(ident) = prop {
            self.look_for_node_global(ident);
        }
        prop.visit_children_with(self);
    }

    fn visit_binding_ident(&mut self, ident: &BindingIdent) {
        self.declared.push(ident.sym.clone());
    }

    fn visit_import_decl(&mut self, import: &ImportDecl) {
        if !import.type_only {
            self.declared.extend(import.specifiers.iter().map(|specifier| specifier.local().sym.clone()));
        }
    }

    fn visit_decl(&mut self, declaration: &Decl) {
        let (name, is_ambient) = match declaration {
            Decl::Class(class) => (Some(&class.ident), class.declare),
            Decl::Fn(function) => (Some(&function.ident), function.declare),
            Decl::TsEnum(declaration) => (Some(&declaration.id), declaration.declare),
            Decl::Var(variables) => (None, variables.declare),
            Decl::TsModule(module) => (None, module.declare),
            _ => (None, false),
        };
        // What is declared to be elsewhere is the global.
        if !is_ambient {
            self.declared.extend(name.map(|name| name.sym.clone()));
            declaration.visit_children_with(self);
        }
    }

    fn visit_jsx_fragment(&mut self, fragment: &JSXFragment) {
        self.first_jsx.get_or_insert(fragment.opening.span);
        fragment.visit_children_with(self);
    }
}

/// `module.exports = …`, `exports.x = …` and `const x = require("…")`, as statements of their own.
fn commonjs_statement(statement: &Stmt) -> Option<(&'static str, Span)> {
    match statement {
        Stmt::Expr(statement) => match &*statement.expr {
            Expr::Assign(assignment) => commonjs_export(assignment),
            call if is_require(call) => Some(("require()", call.span())),
            _ => None,
        },
        Stmt::Decl(Decl::Var(declaration)) => declaration
            .decls
            .iter()
            .filter_map(|declarator| declarator.init.as_deref())
            .find(|init| is_require(init))
            .map(|init| ("require()", init.span())),
        _ => None,
    }
}

fn commonjs_export(assignment: &AssignExpr) -> Option<(&'static str, Span)> {
    let AssignTarget::Simple(SimpleAssignTarget::Member(target)) = &assignment.left else { return None };
    let is_module_exports = |member: &MemberExpr| {
        is_name(&member.obj, "module") && matches!(&member.prop, MemberProp::Ident(name) if &*name.sym == "exports")
    };
    if is_module_exports(target) || target.obj.as_member().is_some_and(is_module_exports) {
        return Some(("module.exports", target.span));
    }
    is_name(&target.obj, "exports").then_some(("exports", target.span))
}

fn is_require(expr: &Expr) -> bool {
    let Expr::Call(call) = expr else { return false };
    matches!(&call.callee, Callee::Expr(callee) if is_name(callee, "require"))
        && matches!(&call.args[..], [only] if matches!(&*only.expr, Expr::Lit(Lit::Str(_))))
}

fn is_name(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Ident(ident) if &*ident.sym == name)
}
