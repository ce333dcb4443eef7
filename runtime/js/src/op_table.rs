//! What the startup snapshot must know of worky's ops. `build.rs` uses it; `ops::tests` compares it with the ops.

/// Hands `$macro` every op, in the order in which the extension lists them: its kind, its name, and how many arguments
/// its Rust function has.
macro_rules! for_each_op {
    ($macro:ident) => {
        $macro! {
            sync op_request_method 2,
            sync op_request_url 2,
            sync op_request_headers 2,
            sync op_request_body 2,
            sync op_request_bytes 2,
            sync op_request_text 3,
            sync op_respond_text 5,
            sync op_respond_text_as 5,
            sync op_respond 5,
            async op_respond_stream 5,
            sync op_body_new 2,
            sync op_body_write 4,
            async op_body_room 2,
            sync op_body_end 3,
            sync op_respond_error 5,
            sync op_wait_until 2,
            sync op_wait_until_settled 2,
            sync op_env 1,
            sync op_plugin_hooks 5,
            sync op_plugin_describe 2,
            sync op_plugin_brand 4,
            sync op_plugin_token 3,
            sync op_plugin_drop 3,
            sync op_plugin_call 7,
            sync op_plugin_scalars 8,
            sync op_plugin_failure 3,
            sync op_plugin_start 7,
            async op_plugin_wait 2,
            sync op_log 4,
            sync op_memory_hold 2,
            sync op_memory_release 2,
            sync op_timers_exceeded 1,
            sync op_kv_get_at_once 6,
            async op_kv_get 4,
            async op_kv_put 8,
            async op_kv_delete 4,
            async op_kv_list 6,
            async op_files_stat 4,
            async op_files_file 6,
            async op_files_directory 6,
            async op_files_list 4,
            async op_files_remove 6,
            async op_files_move 7,
            async op_files_read 7,
            async op_files_replace 5,
            async op_files_write 5,
            async op_files_truncate 4,
            async op_files_commit 3,
            async op_files_abort 3,
        }
    };
}

/// One op as V8 sees it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Op {
    pub(crate) name: &'static str,
    /// As deno_core counts them: those of the Rust function, and for an async op the promise's id.
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
