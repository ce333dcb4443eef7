//! What a guest and an operator can see of worky, checked on the built program.

#![forbid(unsafe_code)]

mod cli;
mod config;
mod config_errors;
mod console;
mod env;
mod errors;
mod examples;
mod fetch;
mod fetch_egress;
mod fetch_streams;
mod files;
mod files_components;
mod files_config;
mod files_kill9;
mod files_limits;
mod handlers;
mod hostile;
mod isolation;
mod kv;
mod kv_kill9;
mod limits;
mod limits_memory;
mod malformed;
mod module_errors;
mod modules;
mod plugins;
mod routing;
mod run;
mod secrets;
mod server;
mod server_connections;
mod services;
mod services_components;
mod shutdown;
mod streaming;
mod structure;
mod wasm_env;
mod wasm_kv;
mod wasm_limits;
mod wasm_load;
mod wasm_workers;
mod web_apis;
