use worky_storage::{KvStoreError, READ_BYTES_MAX};

use super::{BULK_KEYS_MAX, KEY_BYTES_MAX, LIST_LIMIT_MAX, METADATA_BYTES_MAX, TTL_SECONDS_MIN, VALUE_BYTES_MAX};
use crate::Blame;
use crate::metrics::{KvOperation, KvOutcome};

/// Why an operation on a namespace failed. The guest reads these texts, and workers compare them with those they know
/// from elsewhere: they are sentences with a status, unlike other errors here.
#[derive(Debug, thiserror::Error)]
pub enum KvError {
    #[error("Key name cannot be empty.")]
    KeyEmpty,
    #[error("\"{key}\" is not allowed as a key name.")]
    KeyReserved { key: String },
    /// Of a list's prefix, too.
    #[error(
        "KV {} failed: 414 UTF-8 encoded length of {bytes} exceeds key length limit of {KEY_BYTES_MAX}.",
        method(operation)
    )]
    KeyTooLong { operation: KvOperation, bytes: usize },
    #[error("KV PUT failed: 413 Value length of {bytes} exceeds limit of {VALUE_BYTES_MAX}.")]
    ValueTooLarge { bytes: usize },
    #[error("KV PUT failed: 413 Metadata length of {bytes} exceeds limit of {METADATA_BYTES_MAX}.")]
    MetadataTooLarge { bytes: usize },
    #[error("KV PUT failed: 400 Metadata is not JSON: {problem}.")]
    MetadataNotJson { problem: String },
    #[error("KV PUT failed: 400 Invalid expiration_ttl of {seconds}. {}", ttl_rule(*seconds))]
    ExpirationTtl { seconds: u64 },
    #[error("KV PUT failed: 400 Invalid expiration of {unix_seconds}. {}", expiration_rule(*unix_seconds, *now_unix_seconds))]
    Expiration { unix_seconds: u64, now_unix_seconds: u64 },
    #[error("KV LIST failed: 400 Invalid key_count_limit of {limit}. {}", limit_rule(*limit))]
    ListLimit { limit: usize },
    #[error(
        "KV LIST failed: 400 Invalid cursor {cursor:?}. Please pass a cursor that list() returned for the same prefix."
    )]
    Cursor { cursor: String },
    #[error(
        "KV GET_BULK failed: 400 You can request a minimum of 1 and a maximum of {BULK_KEYS_MAX} keys, not {keys}."
    )]
    BulkKeys { keys: usize },
    #[error(
        "KV {} failed: 429 Too many operations: one request may do {max} (limits.kv_operations).",
        method(operation)
    )]
    Operations { operation: KvOperation, max: u32 },
    /// What happened in the store is in the log and not in the text: it may name files of the host.
    #[error("KV {} failed: {}", method(operation), store_problem(source))]
    Store { operation: KvOperation, source: KvStoreError },
}

impl KvError {
    pub fn blame(&self) -> Blame {
        match self {
            KvError::Store { source, .. } => match source {
                KvStoreError::TooLarge { .. } | KvStoreError::NotANumber | KvStoreError::OutOfRange { .. } => {
                    Blame::Guest
                }
                KvStoreError::Overloaded { .. } | KvStoreError::Closed => Blame::Overload,
                KvStoreError::Failed(_) => Blame::Host,
            },
            _ => Blame::Guest,
        }
    }

    /// Whether a guest's language that has a class for wrong arguments throws that one: `TypeError` in JavaScript.
    pub fn is_type_error(&self) -> bool {
        matches!(self, KvError::KeyEmpty | KvError::KeyReserved { .. })
    }

    pub(super) fn outcome(&self) -> KvOutcome {
        match self.blame() {
            Blame::Overload => KvOutcome::Overloaded,
            Blame::Host => KvOutcome::Failed,
            Blame::Guest | Blame::Client => KvOutcome::Refused,
        }
    }
}

fn method(operation: &KvOperation) -> &'static str {
    match operation {
        KvOperation::Get => "GET",
        KvOperation::GetBulk => "GET_BULK",
        KvOperation::Put => "PUT",
        KvOperation::PutIf => "PUT_IF",
        KvOperation::Increment => "INCREMENT",
        KvOperation::Delete => "DELETE",
        KvOperation::List => "LIST",
    }
}

fn ttl_rule(seconds: u64) -> String {
    match seconds {
        0 => "Please specify integer greater than 0.".to_owned(),
        1..TTL_SECONDS_MIN => format!("Expiration TTL must be at least {TTL_SECONDS_MIN}."),
        _ => "Please specify an integer that is not so large.".to_owned(),
    }
}

fn expiration_rule(unix_seconds: u64, now_unix_seconds: u64) -> String {
    if unix_seconds <= now_unix_seconds {
        "Please specify integer greater than the current number of seconds since the UNIX epoch.".to_owned()
    } else if unix_seconds - now_unix_seconds < TTL_SECONDS_MIN {
        format!("Expiration times must be at least {TTL_SECONDS_MIN} seconds in the future.")
    } else {
        "Please specify an integer that is not so large.".to_owned()
    }
}

fn limit_rule(limit: usize) -> String {
    match limit {
        0 => "Please specify an integer greater than 0.".to_owned(),
        _ => format!("Please specify an integer no greater than {LIST_LIMIT_MAX}."),
    }
}

fn store_problem(error: &KvStoreError) -> String {
    match error {
        KvStoreError::Overloaded { queued } => {
            format!("503 The namespace is overloaded: {queued} operations are queued. Please try again later.")
        }
        KvStoreError::TooLarge { .. } => {
            format!("413 The values add up to more than {READ_BYTES_MAX} bytes. Please request fewer keys at once.")
        }
        KvStoreError::NotANumber => {
            "400 The value is not a whole number in decimal digits, from -2^63 to 2^63 - 1.".to_owned()
        }
        KvStoreError::OutOfRange { min } => format!("400 The sum is not between {min} and {}.", i64::MAX),
        KvStoreError::Closed => "503 The server is shutting down.".to_owned(),
        KvStoreError::Failed(_) => "500 Internal error.".to_owned(),
    }
}
