use crate::Values;
use crate::bindings::exports::worky::values::echo::{Color, Guest, Nested, Permissions, Row, Shape};

/// Functions of one argument that give it back.
macro_rules! echo {
    ($($name:ident: $ty:ty),* $(,)?) => {
        $(fn $name(value: $ty) -> $ty {
            value
        })*
    };
}

impl Guest for Values {
    echo! {
        echo_bool: bool,
        echo_u8: u8,
        echo_s8: i8,
        echo_u16: u16,
        echo_s16: i16,
        echo_u32: u32,
        echo_s32: i32,
        echo_u64: u64,
        echo_s64: i64,
        echo_f32: f32,
        echo_f64: f64,
        echo_char: char,
        echo_string: String,
        echo_bytes: Vec<u8>,
        echo_list_s8: Vec<i8>,
        echo_list_u16: Vec<u16>,
        echo_list_s16: Vec<i16>,
        echo_list_u32: Vec<u32>,
        echo_list_s32: Vec<i32>,
        echo_list_u64: Vec<u64>,
        echo_list_s64: Vec<i64>,
        echo_list_f32: Vec<f32>,
        echo_list_f64: Vec<f64>,
        echo_strings: Vec<String>,
        echo_row: Row,
        echo_rows: Vec<Row>,
        echo_nested: Nested,
        echo_tuple: (u8, String, bool),
        echo_shape: Shape,
        echo_color: Color,
        echo_permissions: Permissions,
        echo_option: Option<u32>,
        echo_option_option: Option<Option<u32>>,
    }

    fn echo_result(value: Result<u32, String>) -> (Result<u32, String>,) {
        (value,)
    }

    fn echo_bare_result(value: Result<(), ()>) -> (Result<(), ()>,) {
        (value,)
    }

    fn echo_many(a: i32, b: f64, c: String, d: Vec<u8>, e: bool) -> (i32, f64, String, Vec<u8>, bool) {
        (a, b, c, d, e)
    }

    fn echo_wide(a: Nested, b: Nested) -> (Nested, Nested) {
        (a, b)
    }
}
