//! The mistakes that people make most, and what they are told: in the terminal, in the browser and in the log.
//!
//! Each is one file in `mistakes/cases`: what the mistake is, what is done (`> …`), and the files of a project
//! (`--- PATH`). What is told is in the file of the same name in `mistakes/told`; `UPDATE_EXPECT=1` writes it anew, to be
//! read as a beginner would.

mod case;
mod readable;
mod told;

use std::path::PathBuf;

use case::Case;

/// A test for each of these.
macro_rules! mistakes {
    ($($name:ident)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];
        $(
            #[tokio::test]
            async fn $name() {
                check(stringify!($name)).await;
            }
        )*
    };
}

mistakes! {
    await_forgotten
    await_in_a_plain_function
    binding_misspelt
    binding_not_granted
    body_read_twice
    bundle_damaged
    circular_import
    commonjs_main
    component_is_a_core_module
    component_without_handler
    cpu_limit
    crypto_as_in_node
    crypto_digest_unknown
    crypto_key_usage
    default_export_is_a_function
    default_export_missing
    default_export_without_fetch
    define_no_expression
    define_without_value
    dev_vars_syntax
    dirname
    egress_host_not_allowed
    egress_private_address
    eval_is_off
    export_not_found
    export_not_found_in_commonjs
    fetch_at_the_top
    fetch_of_a_path
    file_outside
    file_read_only
    flag_misspelt
    form_of_json
    get_with_body
    global_not_there
    header_with_line_break
    headers_of_the_request_changed
    import_not_found
    json_of_a_form
    json_of_nothing
    jsx_in_a_ts_file
    jsx_not_closed
    jsx_without_runtime
    kv_at_the_top
    kv_expiry_too_short
    kv_key_too_long
    kv_value_not_text
    kv_value_too_large
    main_not_found
    memory_limit
    method_taken_off
    never_settles
    no_route
    node_module_not_there
    nothing_returned
    object_as_body
    object_returned
    package_not_installed
    plugin_argument_of_another_type
    plugin_function_not_there
    plugin_not_declared
    port_in_use
    redirect_to_a_path
    rejection_unhandled
    request_body_limit
    require_at_run_time
    require_in_a_module
    response_body_with_204
    response_status_bad
    routes_conflict
    secret_in_process_env
    secret_missing
    serve_a_module
    serve_nowhere
    service_not_deployed
    service_worker_syntax
    stream_locked
    style_sheet_imported
    subrequest_limit
    syntax_error
    throw_at_the_top
    throw_at_the_top_in_dev
    toml_missing
    toml_syntax
    toml_unknown_key
    toml_wrong_type
    top_level_await_never_settles
    undefined_variable
    url_not_absolute
    variable_misspelt
    wait_until_taken_off
    wait_until_too_late
    wall_limit
    wasm_as_text
}

async fn check(name: &str) {
    let text = std::fs::read_to_string(directory("cases").join(format!("{name}.txt"))).expect("the case is there");
    let told = told::of(Case::parse(&text)).await;
    expect_test::expect_file![directory("told").join(format!("{name}.txt"))].assert_eq(&told);
}

#[test]
fn every_case_is_a_test() {
    for what in ["cases", "told"] {
        let mut files: Vec<String> = std::fs::read_dir(directory(what))
            .expect("the directory is there")
            .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().replace(".txt", ""))
            .collect();
        files.sort();
        let mut names = NAMES.to_vec();
        names.sort_unstable();
        assert_eq!(files, names, "{what}");
    }
}

fn directory(what: &str) -> PathBuf {
    worky_tests::workspace_dir().join("tests/suite/mistakes").join(what)
}
