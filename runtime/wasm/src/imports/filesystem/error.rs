use wasmtime_wasi::p2::FsError;
use wasmtime_wasi::p2::bindings::filesystem::types::ErrorCode;
use worky_host::files::FileError;

/// What WASI calls an error of the host.
pub(super) fn code(error: &FileError) -> ErrorCode {
    match error {
        FileError::NotFound { .. } => ErrorCode::NoEntry,
        FileError::Exists { .. } => ErrorCode::Exist,
        FileError::NotDirectory { .. } => ErrorCode::NotDirectory,
        FileError::IsDirectory { .. } => ErrorCode::IsDirectory,
        FileError::Special { .. } => ErrorCode::Unsupported,
        FileError::Symlink { .. } => ErrorCode::Loop,
        FileError::NotEmpty { .. } => ErrorCode::NotEmpty,
        FileError::Outside { .. } | FileError::HardLink { .. } => ErrorCode::NotPermitted,
        FileError::ReadOnly { .. } => ErrorCode::ReadOnly,
        FileError::NotOpenedForThis { .. } => ErrorCode::BadDescriptor,
        FileError::Denied { .. } => ErrorCode::Access,
        FileError::Locked { .. } | FileError::Changed { .. } => ErrorCode::Busy,
        FileError::IntoItself { .. } => ErrorCode::Invalid,
        FileError::CrossMount { .. } => ErrorCode::CrossDevice,
        FileError::Name { name, .. } if name.len() > 80 => ErrorCode::NameTooLong,
        FileError::Name { .. } => ErrorCode::Invalid,
        FileError::PathTooLong { .. } | FileError::TooDeep { .. } => ErrorCode::NameTooLong,
        FileError::TooLarge { .. } => ErrorCode::FileTooLarge,
        FileError::TooManyToList { .. } => ErrorCode::Overflow,
        FileError::Quota { .. } | FileError::Entries { .. } => ErrorCode::Quota,
        FileError::Memory { .. } => ErrorCode::InsufficientMemory,
        FileError::OpenFiles { .. } => ErrorCode::InsufficientMemory,
        FileError::DiskFull => ErrorCode::InsufficientSpace,
        FileError::Io { .. } | FileError::ShuttingDown => ErrorCode::Io,
    }
}

pub(super) fn refused(error: FileError) -> FsError {
    code(&error).into()
}
