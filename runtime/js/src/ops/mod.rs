//! What the scripts in `guest/` may call. Each file converts the types of one capability and calls `worky_host`, which
//! has the rules. Names, arities and order are repeated in `op_table`, for the snapshot.

mod blobs;
mod body;
mod bounds;
mod compression;
mod console;
mod env;
mod fetch;
mod files;
mod guest_body;
mod headers;
mod kv;
mod plugin;
mod request;
mod response;

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use deno_core::{Extension, OpDecl, OpState, v8};
use deno_error::JsErrorBox;
use worky_host::InvocationContext;

use crate::instance::InstanceState;
use crate::memory::MemoryMeter;
use blobs::MeteredBlobs;

deno_core::extension!(
    worky,
    deps = [deno_webidl, deno_web, deno_crypto, deno_fetch],
    ops = [
        request::op_request_method,
        request::op_request_url,
        request::op_request_headers,
        request::op_request_body,
        request::op_request_bytes,
        request::op_request_text,
        response::op_respond_text,
        response::op_respond_text_as,
        response::op_respond,
        response::op_respond_stream,
        guest_body::op_body_new,
        guest_body::op_body_write,
        guest_body::op_body_room,
        guest_body::op_body_end,
        response::op_respond_error,
        response::op_wait_until,
        response::op_wait_until_settled,
        env::op_env,
        plugin::op_plugin_hooks,
        plugin::op_plugin_describe,
        plugin::op_plugin_brand,
        plugin::op_plugin_token,
        plugin::op_plugin_drop,
        plugin::op_plugin_call,
        plugin::op_plugin_scalars,
        plugin::op_plugin_failure,
        plugin::op_plugin_start,
        plugin::op_plugin_wait,
        console::op_log,
        bounds::op_memory_hold,
        bounds::op_memory_release,
        bounds::op_timers_exceeded,
        kv::op_kv_get_at_once,
        kv::op_kv_get,
        kv::op_kv_put,
        kv::op_kv_delete,
        kv::op_kv_list,
        files::op_files_stat,
        files::op_files_file,
        files::op_files_directory,
        files::op_files_list,
        files::op_files_remove,
        files::op_files_move,
        files::op_files_read,
        files::op_files_replace,
        files::op_files_write,
        files::op_files_truncate,
        files::op_files_commit,
        files::op_files_abort,
    ],
    middleware = through_the_host,
);

/// The extensions of every isolate, in the order of the snapshot.
pub(crate) fn extensions(memory: &Arc<MemoryMeter>) -> Vec<Extension> {
    let blobs = Arc::new(MeteredBlobs::new(memory.clone()));
    vec![
        deno_webidl::deno_webidl::init(),
        deno_web::deno_web::init(blobs, None, false, Default::default()),
        deno_crypto::deno_crypto::init(None),
        deno_fetch::deno_fetch::init(deno_fetch::Options::default()),
        worky::init(),
    ]
}

/// Puts the host's egress policy behind deno_fetch's scripts, and takes away what would go around it.
fn through_the_host(op: OpDecl) -> OpDecl {
    match op.name {
        "op_fetch" => op.with_implementation_from(&fetch::op_fetch_through_host()),
        "op_fetch_send" => op.with_implementation_from(&fetch::op_fetch_send_through_host()),
        "op_fetch_custom_client" => op.disable(),
        "op_compression_new" => op.with_implementation_from(&compression::op_compression_new_metered()),
        "op_compression_write" => op.with_implementation_from(&compression::op_compression_write_metered()),
        "op_compression_finish" => op.with_implementation_from(&compression::op_compression_finish_metered()),
        _ => op,
    }
}

fn instance(state: &OpState) -> Rc<InstanceState> {
    state.borrow::<Rc<InstanceState>>().clone()
}

fn instance_of(state: &RefCell<OpState>) -> Rc<InstanceState> {
    instance(&state.borrow())
}

/// The context of a request that is still open.
fn context_of(instance: &InstanceState, id: u32) -> Result<InvocationContext, JsErrorBox> {
    instance.context(id).ok_or_else(|| {
        JsErrorBox::type_error("the request that this belongs to is over; keep it open with ctx.waitUntil(promise)")
    })
}

/// The request that the running JavaScript belongs to, as guest/context.js left it in V8's continuation data.
fn request_of_context(scope: &mut v8::PinScope) -> Option<u32> {
    let data = scope.get_continuation_preserved_embedder_data();
    let data = v8::Local::<v8::Object>::try_from(data).ok()?;
    let key = v8::String::new_external_onebyte_static(scope, b"workyRequest")?;
    data.get(scope, key.into())?.try_cast::<v8::Uint32>().ok().map(|id| id.value())
}

/// Text of the host's errors for a guest: a `TypeError` where the guest is to blame, a plain `Error` otherwise.
fn guest_sees(blame: worky_host::Blame, message: impl Into<Cow<'static, str>>) -> JsErrorBox {
    match blame {
        worky_host::Blame::Guest | worky_host::Blame::Client => JsErrorBox::type_error(message),
        worky_host::Blame::Host | worky_host::Blame::Overload => JsErrorBox::generic(message),
    }
}

#[cfg(test)]
mod tests {
    use crate::op_table::{OPS, Op};

    #[test]
    fn the_snapshot_knows_the_ops_as_they_are() {
        let extension = super::worky::init();
        let real = extension.ops.iter().map(|op| Op { name: op.name, arguments: op.arg_count, is_async: op.is_async });
        assert_eq!(real.collect::<Vec<_>>(), OPS);
    }
}
