use std::ops::Range;

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::asset;
use crate::error::{BuildError, Problem};
use crate::source::{Found, SourceTree};
use crate::specifier::{FilePath, join};

/// Where a worker keeps its TypeScript settings.
pub(crate) const FILE_NAME: &str = "tsconfig.json";

/// What of `tsconfig.json` changes the code that comes out. <https://www.typescriptlang.org/tsconfig>
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CompilerOptions {
    pub(crate) jsx: Jsx,
    pub(crate) decorators: Decorators,
    pub(crate) class_fields: ClassFields,
    pub(crate) unused_imports: UnusedImports,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Jsx {
    /// Calls of functions imported from `IMPORT_SOURCE/jsx-runtime`; React's, unless told otherwise.
    Automatic { import_source: Option<String>, mode: JsxMode },
    /// Calls of functions that the file brings itself; React's, unless told otherwise.
    Classic { factory: Option<String>, fragment_factory: Option<String> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JsxMode {
    Production,
    /// From `jsx-dev-runtime`, with the place of each element.
    Development,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decorators {
    /// As the language has them, in the form of November 2023.
    Standard,
    /// As TypeScript had them first.
    Experimental,
    /// The same, with `design:type` and its like.
    ExperimentalWithMetadata,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClassFields {
    /// As the language has them.
    Define,
    /// As assignments in the constructor; a field without a value does nothing.
    Assign,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnusedImports {
    /// An import that only types use is dropped.
    Drop,
    /// Only what is marked `type` is dropped.
    Keep,
}

impl Default for CompilerOptions {
    fn default() -> Self {
        CompilerOptions {
            jsx: Jsx::Automatic { import_source: None, mode: JsxMode::Production },
            decorators: Decorators::Standard,
            class_fields: ClassFields::Define,
            unused_imports: UnusedImports::Drop,
        }
    }
}

impl CompilerOptions {
    /// The options of the worker's `tsconfig.json`, if there is one, and what is wrong with it.
    pub(crate) fn load(tree: &SourceTree) -> (Self, Vec<BuildError>) {
        let (raw, errors) = Loader::read(tree);
        (raw.into_options(), errors)
    }
}

/// What of `tsconfig.json` says which declarations TypeScript has by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Libraries {
    pub(crate) lib: Option<Vec<String>>,
    pub(crate) types: Option<Vec<String>>,
}

impl Libraries {
    /// Those of the worker's `tsconfig.json`, as far as it can be read: what is wrong with it is for a build to tell.
    pub(crate) fn load(tree: &SourceTree) -> Self {
        Loader::read(tree).0.libraries
    }
}

/// The options as they are written, each absent until some file says it.
#[derive(Debug, Default)]
struct RawOptions {
    jsx: Option<String>,
    jsx_import_source: Option<String>,
    jsx_factory: Option<String>,
    jsx_fragment_factory: Option<String>,
    experimental_decorators: Option<bool>,
    emit_decorator_metadata: Option<bool>,
    use_define_for_class_fields: Option<bool>,
    verbatim_module_syntax: Option<bool>,
    target: Option<String>,
    libraries: Libraries,
}

impl RawOptions {
    fn into_options(self) -> CompilerOptions {
        let jsx = match self.jsx.as_deref() {
            Some("react") => Jsx::Classic { factory: self.jsx_factory, fragment_factory: self.jsx_fragment_factory },
            // "preserve" and "react-native" leave JSX to a later tool; there is none.
            mode => Jsx::Automatic {
                import_source: self.jsx_import_source,
                mode: if mode == Some("react-jsxdev") { JsxMode::Development } else { JsxMode::Production },
            },
        };
        let decorators = match (self.experimental_decorators, self.emit_decorator_metadata) {
            (Some(true), Some(true)) => Decorators::ExperimentalWithMetadata,
            (Some(true), _) => Decorators::Experimental,
            _ => Decorators::Standard,
        };
        // TypeScript's default follows the target, and the language has class fields since ES2022.
        let define = self
            .use_define_for_class_fields
            .unwrap_or_else(|| self.target.as_deref().is_none_or(|target| !BEFORE_CLASS_FIELDS.contains(&target)));
        let class_fields = if define { ClassFields::Define } else { ClassFields::Assign };
        let keep = self.verbatim_module_syntax == Some(true);
        let unused_imports = if keep { UnusedImports::Keep } else { UnusedImports::Drop };
        CompilerOptions { jsx, decorators, class_fields, unused_imports }
    }
}

const BEFORE_CLASS_FIELDS: &[&str] =
    &["es3", "es5", "es6", "es2015", "es2016", "es2017", "es2018", "es2019", "es2020", "es2021"];
const JSX_MODES: &[&str] = &["react-jsx", "react-jsxdev", "react", "preserve", "react-native"];

struct Loader<'a> {
    tree: &'a SourceTree,
    raw: RawOptions,
    errors: Vec<BuildError>,
}

/// One file, for its errors.
struct Text<'a> {
    path: &'a FilePath,
    text: &'a str,
}

impl Text<'_> {
    fn error(&self, range: Range<usize>, problem: Problem) -> BuildError {
        BuildError::at(self.path.as_str(), self.text, range, problem)
    }
}

impl Loader<'_> {
    /// The options of the worker's file and of those that it extends.
    fn read(tree: &SourceTree) -> (RawOptions, Vec<BuildError>) {
        let mut loader = Loader { tree, raw: RawOptions::default(), errors: Vec::new() };
        match tree.locate(FILE_NAME) {
            Ok(Found::File(path)) => loader.load(&path, &mut Vec::new()),
            Ok(Found::Directory | Found::Nothing) => {}
            Err(problem) => loader.errors.push(BuildError::new(problem)),
        }
        (loader.raw, loader.errors)
    }

    /// Reads one file. `open` are the files that extend it.
    fn load(&mut self, path: &FilePath, open: &mut Vec<FilePath>) {
        let bytes = match self.tree.read(path) {
            Ok(bytes) => bytes,
            Err(problem) => return self.errors.push(BuildError::in_file(path.as_str(), problem)),
        };
        let text = match asset::text(path, bytes) {
            Ok(text) => text,
            Err(error) => return self.errors.push(error),
        };
        let file = Text { path, text: &text };
        let parsed = match parse_to_ast(&text, &CollectOptions::default(), &tsconfig_syntax()) {
            Ok(parsed) => parsed,
            Err(error) => {
                let message = lowercase_first(&error.kind().to_string());
                let range = error.range();
                return self.errors.push(file.error(range.start..range.end, Problem::TsconfigSyntax { message }));
            }
        };
        let root = match &parsed.value {
            Some(Value::Object(root)) => root,
            // An empty file has no options.
            None => return,
            Some(other) => {
                return self.errors.push(wrong(&file, other, "the file", "an object"));
            }
        };
        open.push(path.clone());
        self.extend(&file, root, open);
        open.pop();
        match root.get("compilerOptions").map(|property| &property.value) {
            Some(Value::Object(options)) => self.read_options(&file, options),
            Some(other) => self.errors.push(wrong(&file, other, "compilerOptions", "an object")),
            None => {}
        }
    }

    /// Reads the files that this one extends, the last of which wins.
    fn extend(&mut self, file: &Text<'_>, root: &Object<'_>, open: &mut Vec<FilePath>) {
        let bases = match root.get("extends").map(|property| &property.value) {
            None => return,
            Some(Value::Array(bases)) => bases.elements.iter().collect(),
            Some(base) => vec![base],
        };
        for base in bases {
            let Value::StringLit(literal) = base else {
                self.errors.push(wrong(file, base, "extends", "a string or an array of strings"));
                continue;
            };
            let extends = literal.value.as_ref();
            let range = literal.range.start..literal.range.end;
            match self.find_base(file.path, extends) {
                Ok(Some(path)) if open.contains(&path) => {
                    self.errors.push(file.error(range, Problem::TsconfigCycle { extends: extends.to_owned() }));
                }
                Ok(Some(path)) => self.load(&path, open),
                Ok(None) => {
                    self.errors.push(file.error(range, Problem::TsconfigExtends { extends: extends.to_owned() }));
                }
                Err(problem) => self.errors.push(file.error(range, problem)),
            }
        }
    }

    fn find_base(&self, from: &FilePath, extends: &str) -> Result<Option<FilePath>, Problem> {
        let outside = || Problem::OutsideRoot { specifier: extends.to_owned() };
        if extends.contains('\0') {
            return Err(Problem::Nul { specifier: extends.to_owned() });
        }
        let base = if extends.starts_with("./") || extends.starts_with("../") {
            join(from.directory(), extends).ok_or_else(outside)?
        } else if extends.starts_with('/') {
            return Err(outside());
        } else {
            join("node_modules", extends).ok_or_else(outside)?
        };
        for candidate in [base.clone(), format!("{base}.json"), format!("{base}/{FILE_NAME}")] {
            if let Found::File(path) = self.tree.locate(&candidate)? {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }

    fn read_options(&mut self, file: &Text<'_>, options: &Object<'_>) {
        let Self { raw, errors, .. } = self;
        let mut reader = Reader { file, options, errors };
        let jsx_expected = "one of react-jsx, react-jsxdev, react, preserve, react-native";
        reader.string("jsx", jsx_expected, |mode| JSX_MODES.contains(&mode), &mut raw.jsx);
        let name = "a name, or names joined by dots";
        reader.string("jsxFactory", name, is_dotted_name, &mut raw.jsx_factory);
        reader.string("jsxFragmentFactory", name, is_dotted_name, &mut raw.jsx_fragment_factory);
        reader.string("jsxImportSource", "a module", |source| !source.is_empty(), &mut raw.jsx_import_source);
        reader.string("target", "a version of the language", |_| true, &mut raw.target);
        raw.target = raw.target.take().map(|target| target.to_lowercase());
        reader.boolean("experimentalDecorators", &mut raw.experimental_decorators);
        reader.boolean("emitDecoratorMetadata", &mut raw.emit_decorator_metadata);
        reader.boolean("useDefineForClassFields", &mut raw.use_define_for_class_fields);
        reader.boolean("verbatimModuleSyntax", &mut raw.verbatim_module_syntax);
        reader.names("lib", &mut raw.libraries.lib);
        reader.names("types", &mut raw.libraries.types);
    }
}

/// Reads known options from one file's `compilerOptions`. The others are for TypeScript itself.
struct Reader<'a> {
    file: &'a Text<'a>,
    options: &'a Object<'a>,
    errors: &'a mut Vec<BuildError>,
}

impl Reader<'_> {
    fn string(
        &mut self,
        option: &'static str,
        expected: &'static str,
        valid: fn(&str) -> bool,
        into: &mut Option<String>,
    ) {
        match self.options.get(option).map(|property| &property.value) {
            Some(Value::StringLit(literal)) if valid(&literal.value) => *into = Some(literal.value.to_string()),
            Some(other) => self.errors.push(wrong(self.file, other, option, expected)),
            None => {}
        }
    }

    /// A list for TypeScript itself, which tells what is wrong with it.
    fn names(&self, option: &str, into: &mut Option<Vec<String>>) {
        let Some(Value::Array(items)) = self.options.get(option).map(|property| &property.value) else { return };
        let names = items.elements.iter().filter_map(|item| match item {
            Value::StringLit(literal) => Some(literal.value.to_string()),
            _ => None,
        });
        *into = Some(names.collect());
    }

    fn boolean(&mut self, option: &'static str, into: &mut Option<bool>) {
        match self.options.get(option).map(|property| &property.value) {
            Some(Value::BooleanLit(literal)) => *into = Some(literal.value),
            Some(other) => self.errors.push(wrong(self.file, other, option, "true or false")),
            None => {}
        }
    }
}

fn wrong(file: &Text<'_>, value: &Value<'_>, option: &'static str, expected: &'static str) -> BuildError {
    let range = value.range().start..value.range().end;
    let found = match value {
        Value::Object(_) => "an object".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        _ => file.text[range.clone()].to_owned(),
    };
    file.error(range, Problem::TsconfigOption { option, found, expected })
}

/// What TypeScript's own reader takes: JSON with comments and trailing commas.
fn tsconfig_syntax() -> ParseOptions {
    ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
    }
}

fn is_dotted_name(text: &str) -> bool {
    text.split('.').all(|name| {
        let mut chars = name.chars();
        chars.next().is_some_and(|first| first.is_alphabetic() || matches!(first, '_' | '$'))
            && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'))
    })
}

fn lowercase_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
