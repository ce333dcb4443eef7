use std::io;
use std::path::PathBuf;

use crate::Blame;

/// Why assets cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    #[error("{} cannot be read: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} is larger than {max} bytes, which an asset may have; leave it out with .assetsignore, or grant it with [[files]]", path.display())]
    FileTooLarge { path: PathBuf, max: u64 },
    #[error("the assets in {} are more than {max} bytes; leave some out with .assetsignore", path.display())]
    TotalTooLarge { path: PathBuf, max: u64 },
    #[error("{} has more than {max} files or directories; leave some out with .assetsignore", path.display())]
    TooManyFiles { path: PathBuf, max: usize },
    #[error("{} is too deep: assets are in up to {max} directories in one another", path.display())]
    TooDeep { path: PathBuf, max: usize },
    #[error("{}:{line}: {message}", path.display())]
    Ignore { path: PathBuf, line: usize, message: String },
}

impl AssetsError {
    pub fn blame(&self) -> Blame {
        match self {
            AssetsError::Read { .. } => Blame::Host,
            _ => Blame::Guest,
        }
    }
}
