//! What the startup snapshot must know of worky's ops. `build.rs` uses it; `ops::tests` compares it with the ops.

/// Hands `$macro` every op, in the order in which the extension lists them: its kind, its name, its arguments.
macro_rules! for_each_op {
    ($macro:ident) => {
        $macro! {
            sync op_request_method 1,
            sync op_request_url 1,
            sync op_request_headers 1,
            sync op_request_body 1,
            sync op_request_bytes 1,
            sync op_respond_text 3,
            sync op_respond 4,
            sync op_respond_stream 4,
            sync op_respond_error 3,
            sync op_wait_until 1,
            sync op_wait_until_settled 1,
            sync op_env 0,
            sync op_log 3,
            async op_kv_get 3,
            async op_kv_put 7,
            async op_kv_delete 3,
            async op_kv_list 5,
        }
    };
}

/// One op as V8 sees it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Op {
    pub(crate) name: &'static str,
    /// An async op has one more than its declaration says: the promise's id.
    pub(crate) arguments: u8,
    pub(crate) is_async: bool,
}

macro_rules! table {
    ($($kind:tt $name:ident $arguments:literal,)*) => {
        pub(crate) const OPS: &[Op] = &[
            $(Op { name: stringify!($name), arguments: $arguments + table!(@extra $kind), is_async: table!(@extra $kind) == 1 },)*
        ];
    };
    (@extra sync) => { 0 };
    (@extra async) => { 1 };
}
for_each_op!(table);
