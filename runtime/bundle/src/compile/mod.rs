//! One file of code to the JavaScript that V8 runs.
//!
//! A file of plain JavaScript is only looked at: what V8 can run reaches it byte for byte.

mod class_fields;
mod diagnostics;
mod imports;
mod nesting;
mod survey;

use std::ops::Range;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use swc_core::common::comments::SingleThreadedComments;
use swc_core::common::pass::Optional;
use swc_core::common::source_map::SourceMapGenConfig;
use swc_core::common::sync::Lrc;
use swc_core::common::util::take::Take;
use swc_core::common::{BytePos, FileName, GLOBALS, Globals, LineCol, Mark, SourceFile, SourceMap, Span, Spanned};
use swc_core::ecma::ast::{EsVersion, Module, Program};
use swc_core::ecma::codegen::text_writer::JsWriter;
use swc_core::ecma::codegen::{Config, Emitter};
use swc_core::ecma::parser::error::Error as ParserError;
use swc_core::ecma::parser::{
    EsSyntax, Syntax, TsSyntax, parse_file_as_commonjs, parse_file_as_expr, parse_file_as_module,
};
use swc_core::ecma::transforms::base::fixer::fixer;
use swc_core::ecma::transforms::base::helpers::{HELPERS, Helpers, inject_helpers};
use swc_core::ecma::transforms::base::hygiene::hygiene;
use swc_core::ecma::transforms::base::resolver;
use swc_core::ecma::transforms::proposal::decorator_2023_11::decorator_2023_11;
use swc_core::ecma::transforms::proposal::decorators::{self, decorators};
use swc_core::ecma::transforms::react::{self, Runtime, react};
use swc_core::ecma::transforms::typescript::{self as ts, TsImportExportAssignConfig, TsxConfig, tsx, typescript};

use crate::error::{BuildError, Problem};
use crate::kind::Dialect;
use crate::pack::node;
use crate::specifier::FilePath;
use crate::tsconfig::{ClassFields, CompilerOptions, Decorators, Jsx, JsxMode, UnusedImports};

use class_fields::assign_class_fields;
use diagnostics::Diagnostics;
pub(crate) use imports::{Attribute, Import, Request};
pub(crate) use nesting::check as check_nesting;
use survey::Survey;

/// What a file of code comes to.
#[derive(Debug, Clone)]
pub(crate) struct Compiled {
    /// `None` where the file's own text is what V8 runs.
    pub(crate) code: Option<Code>,
    /// What is imported when it runs: imports of types are gone, those that JSX stands for are there.
    pub(crate) imports: Vec<Import>,
}

#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) text: Bytes,
    pub(crate) source_map: Bytes,
}

/// Compiles `text`, which has no byte order mark. Recurses as deep as the text nests.
pub(crate) fn compile(
    path: &FilePath,
    text: &str,
    dialect: Dialect,
    options: &CompilerOptions,
    nesting_max: usize,
) -> Result<Compiled, Vec<BuildError>> {
    GLOBALS.set(&Globals::new(), || {
        let source_map = Lrc::new(SourceMap::default());
        let source = source_map.new_source_file(FileName::Custom(path.specifier()).into(), text.to_owned());
        let file = File { path, text, source, source_map };
        file.compile(dialect, options, nesting_max)
    })
}

/// One file under compilation.
struct File<'a> {
    path: &'a FilePath,
    text: &'a str,
    source: Lrc<SourceFile>,
    source_map: Lrc<SourceMap>,
}

impl File<'_> {
    fn compile(
        &self,
        dialect: Dialect,
        options: &CompilerOptions,
        nesting_max: usize,
    ) -> Result<Compiled, Vec<BuildError>> {
        let comments = SingleThreadedComments::default();
        let mut errors = Vec::new();
        let parsed =
            parse_file_as_module(&self.source, syntax(dialect), EsVersion::EsNext, Some(&comments), &mut errors);
        let mut program = match parsed {
            Ok(module) => Program::Module(module),
            Err(fatal) => {
                errors.push(fatal);
                return Err(self.jsx_elsewhere(dialect, nesting_max).unwrap_or_else(|| self.parser_errors(errors)));
            }
        };
        // First of all, since a tree that is too deep cannot even be dropped.
        if let Err(span) = nesting::check(&mut program, nesting_max) {
            return Err(vec![self.error(span, Problem::Nesting { max: nesting_max })]);
        }
        if !errors.is_empty() {
            return Err(self.jsx_elsewhere(dialect, nesting_max).unwrap_or_else(|| self.parser_errors(errors)));
        }
        // A file of declarations may leave out "declare", so the rest would be taken for code.
        if dialect == Dialect::Declarations {
            return Ok(Compiled {
                code: Some(self.emit_checked(&Program::Module(Module::dummy()))?),
                imports: Vec::new(),
            });
        }
        let survey = Survey::of(&program);
        if !survey.commonjs.is_empty() {
            let found = survey.commonjs.into_iter();
            return Err(found.map(|(found, span)| self.error(span, Problem::CommonJsCode { found })).collect());
        }
        if dialect == Dialect::Js && !survey.has_decorators && !survey.has_accessors {
            let mut imports = imports::collect(&program, |span| self.range(span), 0..0);
            imports.extend(self.node_global(&survey));
            return Ok(Compiled { code: None, imports });
        }

        let diagnostics = Diagnostics::default();
        let program = diagnostics.collect(|| self.transform(program, dialect, options, &survey, &comments));
        let problems = diagnostics.into_errors();
        if !problems.is_empty() {
            return Err(problems.into_iter().map(|(message, span)| self.syntax_error(message, span)).collect());
        }
        // An import that JSX stands for is blamed on the first element.
        let unplaced = survey.first_jsx.and_then(|span| self.range(span)).unwrap_or(0..0);
        let mut imports = imports::collect(&program, |span| self.range(span), unplaced);
        imports.extend(self.node_global(&survey));
        Ok(Compiled { code: Some(self.emit_checked(&program)?), imports })
    }

    /// The import that a global of Node stands for. The bundler adds it, once there is anything to pack.
    fn node_global(&self, survey: &Survey) -> Option<Import> {
        let (name, span) = survey.node_global()?;
        let module =
            node::GLOBALS.iter().find(|(global, ..)| *global == name).map_or("node:process", |(_, module, _)| module);
        let range = self.range(span).unwrap_or(0..0);
        Some(Import { request: Request::Exact(module.to_owned()), range, attributes: Vec::new() })
    }

    fn emit_checked(&self, program: &Program) -> Result<Code, Vec<BuildError>> {
        self.emit(program).map_err(|error| {
            let message = error.to_string();
            vec![BuildError::in_file(self.path.as_str(), Problem::Compiler { message })]
        })
    }

    /// Whether a file that does not parse does so as one with JSX, whose name would end otherwise.
    fn jsx_elsewhere(&self, dialect: Dialect, nesting_max: usize) -> Option<Vec<BuildError>> {
        let (with_jsx, ending) = match dialect {
            Dialect::Ts => (Dialect::Tsx, "tsx"),
            Dialect::Js => (Dialect::Jsx, "jsx"),
            Dialect::Tsx | Dialect::Jsx | Dialect::Declarations => return None,
        };
        let mut errors = Vec::new();
        let parsed = parse_file_as_module(&self.source, syntax(with_jsx), EsVersion::EsNext, None, &mut errors);
        let mut program = Program::Module(parsed.ok()?);
        if nesting::check(&mut program, nesting_max).is_err() || !errors.is_empty() {
            return None;
        }
        let span = Survey::of(&program).first_jsx?;
        Some(vec![self.error(span, Problem::Jsx { path: self.path.as_str().to_owned(), ending })])
    }

    fn parser_errors(&self, errors: Vec<ParserError>) -> Vec<BuildError> {
        diagnostics::of_parser(errors)
            .into_iter()
            .map(|(message, span)| self.syntax_error(message, Some(span)))
            .collect()
    }

    fn transform(
        &self,
        program: Program,
        dialect: Dialect,
        options: &CompilerOptions,
        survey: &Survey,
        comments: &SingleThreadedComments,
    ) -> Program {
        let unresolved = Mark::new();
        let top_level = Mark::new();
        let is_typescript = dialect.is_typescript();
        let has_jsx = dialect.has_jsx();
        let is_experimental = is_typescript && options.decorators != Decorators::Standard;
        // These passes rewrite more of a class than its decorators, so a file without any is kept from them.
        let experimental = survey.has_decorators && is_experimental;
        let standard = survey.has_accessors || (survey.has_decorators && !is_experimental);
        let strip = ts_config(options);
        HELPERS.set(&Helpers::new(false), || {
            program.apply((
                resolver(unresolved, top_level, is_typescript),
                Optional::new(
                    decorators(decorators::Config {
                        legacy: true,
                        emit_metadata: options.decorators == Decorators::ExperimentalWithMetadata,
                        use_define_for_class_fields: options.class_fields == ClassFields::Define,
                    }),
                    experimental,
                ),
                Optional::new(decorator_2023_11(), standard),
                inject_helpers(top_level),
                Optional::new(typescript(strip, unresolved, top_level), is_typescript && !has_jsx),
                Optional::new(
                    tsx(self.source_map.clone(), strip, tsx_config(options), comments, unresolved, top_level),
                    is_typescript && has_jsx,
                ),
                Optional::new(assign_class_fields(), is_typescript && options.class_fields == ClassFields::Assign),
                Optional::new(
                    react(self.source_map.clone(), Some(comments), jsx_config(options), top_level, unresolved),
                    has_jsx,
                ),
                hygiene(),
                fixer(None),
            ))
        })
    }

    fn emit(&self, program: &Program) -> std::io::Result<Code> {
        let mut text = Vec::new();
        let mut mappings: Vec<(BytePos, LineCol)> = Vec::new();
        let writer = JsWriter::new(self.source_map.clone(), "\n", &mut text, Some(&mut mappings));
        let mut emitter = Emitter { cfg: Config::default(), cm: self.source_map.clone(), comments: None, wr: writer };
        emitter.emit_program(program)?;
        let map = self.source_map.build_source_map(&mappings, None, MapConfig);
        let mut source_map = Vec::new();
        map.to_writer(&mut source_map).map_err(std::io::Error::other)?;
        Ok(Code { text: text.into(), source_map: source_map.into() })
    }

    fn syntax_error(&self, message: String, span: Option<Span>) -> BuildError {
        let problem = Problem::Syntax { message };
        match span {
            Some(span) => self.error(span, problem),
            None => BuildError::in_file(self.path.as_str(), problem),
        }
    }

    fn error(&self, span: Span, problem: Problem) -> BuildError {
        match self.range(span) {
            Some(range) => BuildError::at(self.path.as_str(), self.text, range, problem),
            None => BuildError::in_file(self.path.as_str(), problem),
        }
    }

    /// The bytes of the text that a span covers, unless it is of the compiler's own making.
    fn range(&self, span: Span) -> Option<Range<usize>> {
        if span.is_dummy() || span.lo < self.source.start_pos || span.lo > self.source.end_pos {
            return None;
        }
        let start = (span.lo - self.source.start_pos).0 as usize;
        let end = (span.hi.max(span.lo) - self.source.start_pos).0 as usize;
        Some(start..end.min(self.text.len()).max(start))
    }
}

struct MapConfig;

impl SourceMapGenConfig for MapConfig {
    fn file_name_to_source(&self, file: &FileName) -> String {
        file.to_string()
    }

    fn inline_sources_content(&self, _: &FileName) -> bool {
        true
    }
}

/// How a file is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Grammar {
    Module,
    /// As a module, else as CommonJS: packages have both.
    Any,
}

/// Parses a file and finds out how deep it nests, and no more than that: `Problem::Syntax` is only told where it is no
/// code at all, `Problem::Nesting` where it nests too deep. With the bytes at fault.
pub(crate) fn try_parse(
    text: &str,
    dialect: Dialect,
    grammar: Grammar,
    nesting_max: usize,
) -> Result<(), (Problem, Option<Range<usize>>)> {
    GLOBALS.set(&Globals::new(), || {
        let source_map = Lrc::new(SourceMap::default());
        let source = source_map.new_source_file(FileName::Anon.into(), text.to_owned());
        let path = FilePath::new(String::new());
        let file = File { path: &path, text, source, source_map };
        // As the compiler itself does it, comments included.
        let comments = SingleThreadedComments::default();
        let (syntax, target) = (syntax(dialect), EsVersion::EsNext);
        let mut errors = Vec::new();
        let parsed = parse_file_as_module(&file.source, syntax, target, Some(&comments), &mut errors);
        // Of these the compiler tells more, and parses the file once more to that end.
        if grammar == Grammar::Module && (parsed.is_err() || !errors.is_empty()) {
            let _ = file.jsx_elsewhere(dialect, nesting_max);
        }
        let parsed = match parsed {
            Ok(module) => Ok(Program::Module(module)),
            Err(_) if grammar == Grammar::Module => return Ok(()),
            Err(error) => parse_file_as_commonjs(&file.source, syntax, target, Some(&comments), &mut Vec::new())
                .map(Program::Script)
                .map_err(|_| error),
        };
        match parsed {
            Ok(mut program) => nesting::check(&mut program, nesting_max)
                .map_err(|span| (Problem::Nesting { max: nesting_max }, file.range(span))),
            Err(error) => {
                let first = diagnostics::of_parser(vec![error]).into_iter().next();
                let (message, span) = first.unwrap_or_else(|| ("this is no code".to_owned(), Span::default()));
                Err((Problem::Syntax { message }, file.range(span)))
            }
        }
    })
}

/// Whether a text is an expression, as what stands for a defined name has to be. The parser's complaint if not.
pub fn check_expression(text: &str) -> Result<(), String> {
    GLOBALS.set(&Globals::new(), || {
        let source_map = Lrc::new(SourceMap::default());
        // In parentheses, so that the parser has to read all of it.
        let source = source_map.new_source_file(FileName::Anon.into(), format!("({text})"));
        let mut errors = Vec::new();
        let parsed = parse_file_as_expr(&source, syntax(Dialect::Js), EsVersion::EsNext, None, &mut errors);
        match &parsed {
            Ok(expr) if expr.span_hi() < source.end_pos => return Err("it ends before its end".to_owned()),
            _ => errors.extend(parsed.err()),
        }
        match diagnostics::of_parser(errors).into_iter().next() {
            Some((message, _)) => Err(message),
            None => Ok(()),
        }
    })
}

fn syntax(dialect: Dialect) -> Syntax {
    if dialect.is_typescript() {
        return Syntax::Typescript(TsSyntax {
            tsx: dialect.has_jsx(),
            decorators: true,
            dts: dialect == Dialect::Declarations,
            no_early_errors: false,
            disallow_ambiguous_jsx_like: false,
        });
    }
    Syntax::Es(EsSyntax {
        jsx: dialect.has_jsx(),
        decorators: true,
        decorators_before_export: true,
        import_attributes: true,
        auto_accessors: true,
        explicit_resource_management: true,
        fn_bind: false,
        export_default_from: false,
        allow_super_outside_method: false,
        allow_return_outside_function: false,
    })
}

fn ts_config(options: &CompilerOptions) -> ts::Config {
    ts::Config {
        verbatim_module_syntax: options.unused_imports == UnusedImports::Keep,
        native_class_properties: options.class_fields == ClassFields::Define,
        import_not_used_as_values: ts::ImportsNotUsedAsValues::Remove,
        // Every file is a module here, whatever is left of it.
        no_empty_export: true,
        import_export_assign_config: TsImportExportAssignConfig::EsNext,
        // A regular enum is an object that other modules can reach and change.
        ts_enum_is_mutable: true,
        flow_syntax: false,
    }
}

fn tsx_config(options: &CompilerOptions) -> TsxConfig {
    match &options.jsx {
        Jsx::Classic { factory, fragment_factory } => {
            TsxConfig { pragma: factory.clone().map(Into::into), pragma_frag: fragment_factory.clone().map(Into::into) }
        }
        // Nothing that the file brings itself is used by its JSX, unless a comment in the file says so.
        Jsx::Automatic { .. } => TsxConfig { pragma: Some("null".into()), pragma_frag: Some("null".into()) },
    }
}

fn jsx_config(options: &CompilerOptions) -> react::Options {
    // An XML namespace in a name is for the runtime to judge; React's is not the only one.
    let common = react::Options { throw_if_namespace: Some(false), ..react::Options::default() };
    match &options.jsx {
        Jsx::Classic { factory, fragment_factory } => react::Options {
            runtime: Some(Runtime::Classic),
            pragma: factory.clone().map(Into::into),
            pragma_frag: fragment_factory.clone().map(Into::into),
            ..common
        },
        Jsx::Automatic { import_source, mode } => react::Options {
            runtime: Some(Runtime::Automatic),
            import_source: import_source.clone().map(Into::into),
            development: Some(*mode == JsxMode::Development),
            ..common
        },
    }
}
