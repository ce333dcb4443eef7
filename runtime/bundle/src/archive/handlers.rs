//! Which events a worker handles, as far as its code tells without running.

use std::thread;

use swc_core::common::{FileName, GLOBALS, Globals, SourceMap, sync::Lrc};
use swc_core::ecma::ast::{
    AssignExpr, AssignTarget, Callee, Class, ClassMember, Decl, DefaultDecl, EsVersion, ExportSpecifier, Expr,
    ImportSpecifier, Module, ModuleDecl, ModuleExportName, ModuleItem, ObjectLit, Pat, Program, Prop, PropName,
    PropOrSpread, SimpleAssignTarget, Stmt,
};
use swc_core::ecma::parser::{EsSyntax, Syntax, parse_file_as_module};
use swc_core::ecma::visit::{Visit, VisitWith};
use wit_parser::decoding::{DecodedWasm, decode};

use crate::bundle::{Bundle, ModuleKind};
use crate::compile::check_nesting;
use crate::graph::STACK_BYTES;
use crate::project::BuildLimits;

/// Methods of the default export that are events. <https://developers.cloudflare.com/workers/runtime-apis/handlers/>
const EVENTS: [&str; 9] = ["connect", "email", "fetch", "queue", "scheduled", "tail", "tailStream", "test", "trace"];
/// What components export for requests, of WASI 0.2 and 0.3.
const HTTP: [&str; 2] = ["wasi:http/incoming-handler@", "wasi:http/handler@"];
/// The class of `worky:workers` that has no handlers of its own.
const ENTRYPOINT: &str = "WorkerEntrypoint";
/// Names that stand for other names, one behind the other.
const DEPTH_MAX: usize = 16;

/// The events that the main module handles, sorted; `None` where that cannot be told, as of the object of a framework.
pub fn handlers(bundle: &Bundle) -> Option<Vec<String>> {
    let main = bundle.modules.iter().find(|module| module.specifier == bundle.entry)?;
    let source = main.source.clone();
    let find: fn(&[u8]) -> Option<Vec<String>> = match main.kind {
        ModuleKind::Js => of_code,
        ModuleKind::Component => of_component,
        ModuleKind::Json | ModuleKind::Text | ModuleKind::Bytes | ModuleKind::Wasm => return None,
    };
    let thread =
        thread::Builder::new().name("handlers".to_owned()).stack_size(STACK_BYTES).spawn(move || find(&source));
    thread.ok()?.join().ok()?
}

fn of_component(component: &[u8]) -> Option<Vec<String>> {
    let Ok(DecodedWasm::Component(resolve, world)) = decode(component) else { return None };
    let mut names = resolve.worlds[world].exports.keys().map(|key| resolve.name_world_key(key));
    let serves = names.any(|name| HTTP.iter().any(|http| name.starts_with(http)));
    Some(if serves { vec!["fetch".to_owned()] } else { Vec::new() })
}

fn of_code(code: &[u8]) -> Option<Vec<String>> {
    let text = std::str::from_utf8(code).ok()?.to_owned();
    GLOBALS.set(&Globals::new(), || {
        let file = Lrc::new(SourceMap::default()).new_source_file(FileName::Anon.into(), text);
        let syntax =
            Syntax::Es(EsSyntax { import_attributes: true, explicit_resource_management: true, ..EsSyntax::default() });
        let module = parse_file_as_module(&file, syntax, EsVersion::EsNext, None, &mut Vec::new()).ok()?;
        let mut program = Program::Module(module);
        check_nesting(&mut program, BuildLimits::default().nesting_max).ok()?;
        let mut found = Default { module: program.as_module()? }.names()?;
        found.retain(|name| EVENTS.contains(&name.as_str()));
        found.sort();
        found.dedup();
        Some(found)
    })
}

/// A module's default export.
struct Default<'a> {
    module: &'a Module,
}

impl Default<'_> {
    /// Its own names, all of them; none where there is no default export.
    fn names(&self) -> Option<Vec<String>> {
        for item in &self.module.body {
            let ModuleItem::ModuleDecl(declaration) = item else { continue };
            match declaration {
                ModuleDecl::ExportDefaultExpr(export) => return self.of_expression(&export.expr, 0),
                ModuleDecl::ExportDefaultDecl(export) => {
                    return match &export.decl {
                        DefaultDecl::Class(class) => self.of_class(&class.class),
                        _ => None,
                    };
                }
                ModuleDecl::ExportNamed(export) => {
                    for specifier in &export.specifiers {
                        let ExportSpecifier::Named(named) = specifier else { continue };
                        let ModuleExportName::Ident(own) = &named.orig else { continue };
                        let exported = named.exported.as_ref().map_or(&*own.sym, |exported| match exported {
                            ModuleExportName::Ident(name) => &*name.sym,
                            ModuleExportName::Str(_) => "",
                        });
                        if exported == "default" {
                            return if export.src.is_some() { None } else { self.of_name(&own.sym, 0) };
                        }
                    }
                }
                _ => {}
            }
        }
        Some(Vec::new())
    }

    fn of_expression(&self, expression: &Expr, depth: usize) -> Option<Vec<String>> {
        match expression {
            Expr::Ident(name) => self.of_name(&name.sym, depth + 1),
            Expr::Object(object) => of_object(object),
            Expr::Class(class) => self.of_class(&class.class),
            Expr::Paren(inner) => self.of_expression(&inner.expr, depth),
            // What the bundler writes around a value that is to keep its name.
            Expr::Call(call) => match (&call.callee, call.args.first()) {
                (Callee::Expr(callee), Some(first)) if callee.as_ident().is_some_and(|name| &*name.sym == "__name") => {
                    self.of_expression(&first.expr, depth)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn of_class(&self, class: &Class) -> Option<Vec<String>> {
        let inherits = class.super_class.as_ref().is_some_and(|parent| !self.is_entrypoint(parent));
        if inherits { None } else { names_of_class(class) }
    }

    /// Whether this is the class of that name that a builtin exports, under whatever name here.
    fn is_entrypoint(&self, class: &Expr) -> bool {
        let Expr::Ident(class) = class else { return false };
        self.module
            .body
            .iter()
            .filter_map(|item| item.as_module_decl()?.as_import())
            .flat_map(|import| &import.specifiers)
            .any(|specifier| {
                let ImportSpecifier::Named(named) = specifier else { return false };
                let imported = named.imported.as_ref().map_or(&*named.local.sym, |imported| match imported {
                    ModuleExportName::Ident(name) => &*name.sym,
                    ModuleExportName::Str(_) => "",
                });
                named.local.sym == class.sym && imported == ENTRYPOINT
            })
    }

    /// What a name of the module's top level stands for, if that is all it ever stands for.
    fn of_name(&self, name: &str, depth: usize) -> Option<Vec<String>> {
        let mut changes = Changes { name, found: false };
        self.module.visit_with(&mut changes);
        if changes.found || depth > DEPTH_MAX {
            return None;
        }
        let declarations = self.module.body.iter().filter_map(|item| match item {
            ModuleItem::Stmt(Stmt::Decl(declaration)) => Some(declaration),
            ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) => Some(&export.decl),
            _ => None,
        });
        for declaration in declarations {
            match declaration {
                Decl::Class(class) if &*class.ident.sym == name => return self.of_class(&class.class),
                Decl::Var(variables) => {
                    for variable in &variables.decls {
                        if matches!(&variable.name, Pat::Ident(own) if &*own.sym == name) {
                            return self.of_expression(variable.init.as_ref()?, depth);
                        }
                    }
                }
                _ => {}
            }
        }
        None
    }
}

/// Looks for assignments to a name, or to something in it.
struct Changes<'a> {
    name: &'a str,
    found: bool,
}

impl Visit for Changes<'_> {
    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        if let AssignTarget::Simple(target) = &assignment.left {
            self.found |= match target {
                SimpleAssignTarget::Ident(target) => &*target.sym == self.name,
                SimpleAssignTarget::Member(target) => {
                    target.obj.as_ident().is_some_and(|object| &*object.sym == self.name)
                }
                _ => false,
            };
        }
        assignment.visit_children_with(self);
    }
}

fn of_object(object: &ObjectLit) -> Option<Vec<String>> {
    let name = |property: &PropOrSpread| match property {
        PropOrSpread::Spread(_) => None,
        PropOrSpread::Prop(property) => match &**property {
            Prop::Shorthand(name) => Some(name.sym.to_string()),
            Prop::KeyValue(property) => named(&property.key),
            Prop::Method(method) => named(&method.key),
            Prop::Getter(getter) => named(&getter.key),
            Prop::Setter(_) | Prop::Assign(_) => Some(String::new()),
        },
    };
    object.props.iter().map(name).collect()
}

fn names_of_class(class: &Class) -> Option<Vec<String>> {
    let name = |member: &ClassMember| match member {
        ClassMember::Method(method) if !method.is_static => named(&method.key),
        ClassMember::ClassProp(property) if !property.is_static => named(&property.key),
        _ => Some(String::new()),
    };
    class.body.iter().map(name).collect()
}

/// `None` for what is computed.
fn named(key: &PropName) -> Option<String> {
    match key {
        PropName::Ident(name) => Some(name.sym.to_string()),
        PropName::Str(text) => Some(text.value.to_string_lossy().into_owned()),
        PropName::Num(_) | PropName::BigInt(_) => Some(String::new()),
        PropName::Computed(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_code_tells() {
        for (code, expected) in [
            ("export default { fetch() {} }", Some("fetch")),
            ("export default { async scheduled() {}, 'fetch': f, helper() {} }", Some("fetch scheduled")),
            ("const fetch = () => {};\nconst a = { fetch, queue: q };\nexport { a as default };", Some("fetch queue")),
            ("var a = __name({ tail() {} }, 'a'), b = a; export default b", Some("tail")),
            ("export default class { fetch() {} static queue() {} }", Some("fetch")),
            (
                "import { WorkerEntrypoint as e } from 'worky:workers'; var a = class extends e { fetch = () => {} };\n\
                 export { a as default }",
                Some("fetch"),
            ),
            (
                "import { WorkerEntrypoint } from 'w'; export default class extends WorkerEntrypoint { tail() {} }",
                Some("tail"),
            ),
            ("export const x = 1", Some("")),
            ("export default {}", Some("")),
            ("export default { fetch() {}, ...more }", None),
            ("export default { ['fetch']() {} }", None),
            ("class A extends Base { fetch() {} } export default A", None),
            ("const a = {}; a.fetch = f; export default a", None),
            ("let a = {}; export default a; a = b", None),
            ("export default new Hono()", None),
            ("export default function () {}", None),
            ("export { default } from './other.js'", None),
            ("export default {", None),
        ] {
            let found = of_code(code.as_bytes()).map(|names| names.join(" "));
            assert_eq!(found.as_deref(), expected, "{code}");
        }
    }
}
