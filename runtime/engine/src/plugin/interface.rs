use std::sync::Arc;

/// What a component exports, with every name as its WIT writes it (`kebab-case`).
#[derive(Debug, Clone, Default)]
pub struct Interface {
    /// Everything that can be called, by the index that a call names.
    pub functions: Vec<Function>,
    /// The types behind handles, by the index that [`Type::Own`] and [`Type::Borrow`] name.
    pub resources: Vec<Resource>,
    pub root: Namespace,
}

/// The exports of the component itself, or of one interface of it. Members are indices into [`Interface`].
#[derive(Debug, Clone, Default)]
pub struct Namespace {
    pub functions: Vec<u32>,
    pub resources: Vec<u32>,
    /// Name as exported (`demo:simple/calc@0.1.0`, or `calc` for one written inline) and members.
    pub interfaces: Vec<(String, Namespace)>,
}

#[derive(Debug, Clone)]
pub struct Function {
    /// Without the resource that it belongs to: `render`, `to-html`; `constructor` for a constructor.
    pub name: String,
    pub kind: FunctionKind,
    /// Without `self`'s type left out: a method's first parameter is its resource, borrowed.
    pub parameters: Vec<Field>,
    pub result: Option<Type>,
    /// An `async func` of the component model.
    pub is_async: bool,
}

/// The number is that of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionKind {
    Free,
    Constructor(u32),
    Method(u32),
    Static(u32),
}

#[derive(Debug, Clone)]
pub struct Resource {
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub ty: Type,
}

/// The type of a value that crosses between a component and its caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    Bool,
    S8,
    U8,
    S16,
    U16,
    S32,
    U32,
    S64,
    U64,
    F32,
    F64,
    Char,
    String,
    List(Arc<Type>),
    Record(Arc<[Field]>),
    Tuple(Arc<[Type]>),
    /// Cases with what they carry.
    Variant(Arc<[(String, Option<Type>)]>),
    Enum(Arc<[String]>),
    Flags(Arc<[String]>),
    Option(Arc<Type>),
    Result(Option<Arc<Type>>, Option<Arc<Type>>),
    Own(u32),
    Borrow(u32),
    Stream(Option<Arc<Type>>),
    Future(Option<Arc<Type>>),
}
