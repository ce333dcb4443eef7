use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{DevVars, Secret};

/// What comes before a secret's name in the environment.
const ENVIRONMENT_PREFIX: &str = "WORKY_SECRET_";
/// A larger credential file is refused, in bytes: a secret is a key or a certificate, not a data set.
const CREDENTIAL_BYTES_MAX: u64 = 1 << 20;

/// Where secrets are looked for, the first that has one wins. The program hands them in.
#[derive(Debug, Default)]
pub struct Sources {
    /// 1. `.dev.vars`, in development only.
    pub dev_vars: Option<DevVars>,
    /// 2. `WORKY_SECRET_<NAME>` of these variables.
    pub environment: BTreeMap<String, String>,
    /// 3. A directory with one file for each secret, named as the secret is; one newline at its end is not part of it.
    pub credentials: Option<PathBuf>,
}

/// A declared secret that no source has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingSecret {
    pub name: String,
    /// Every place that was looked at, and what was wrong there if something was.
    pub looked_in: Vec<String>,
}

impl fmt::Display for MissingSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "secret {} is declared and missing; looked in: {}", self.name, self.looked_in.join(", "))
    }
}

impl std::error::Error for MissingSecret {}

/// The value of every declared secret, in order, or all that are missing.
pub fn resolve(declared: &[String], sources: &Sources) -> Result<Vec<(String, Secret)>, Vec<MissingSecret>> {
    let (mut found, mut missing) = (Vec::with_capacity(declared.len()), Vec::new());
    for name in declared {
        match sources.find(name) {
            Ok(secret) => found.push((name.clone(), secret)),
            Err(looked_in) => missing.push(MissingSecret { name: name.clone(), looked_in }),
        }
    }
    if missing.is_empty() { Ok(found) } else { Err(missing) }
}

impl Sources {
    fn find(&self, name: &str) -> Result<Secret, Vec<String>> {
        let mut looked_in = Vec::new();
        if let Some(dev_vars) = &self.dev_vars {
            if let Some(value) = dev_vars.get(name) {
                return Ok(Secret::new(value));
            }
            looked_in.push(".dev.vars".to_owned());
        }
        let variable = format!("{ENVIRONMENT_PREFIX}{name}");
        if let Some(value) = self.environment.get(&variable) {
            return Ok(Secret::new(value));
        }
        looked_in.push(format!("the environment variable {variable}"));
        if let Some(directory) = &self.credentials {
            match credential(directory, name) {
                Ok(secret) => return Ok(secret),
                Err(place) => looked_in.push(place),
            }
        }
        Err(looked_in)
    }
}

fn credential(directory: &Path, name: &str) -> Result<Secret, String> {
    // A name is a file in the directory, never a path out of it.
    if matches!(name, "" | "." | "..") || name.contains(['/', '\\', '\0']) {
        return Err(format!("{}, where {name:?} cannot name a file", directory.display()));
    }
    let path = directory.join(name);
    let place = |problem: &str| format!("the file {} ({problem})", path.display());
    let bytes = match fs::metadata(&path) {
        Ok(metadata) if metadata.len() > CREDENTIAL_BYTES_MAX => {
            return Err(place(&format!("it has {} bytes, more than {CREDENTIAL_BYTES_MAX}", metadata.len())));
        }
        Ok(_) => fs::read(&path).map(Zeroizing::new),
        Err(error) => Err(error),
    };
    let bytes = bytes.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!("the file {}", path.display()),
        _ => place(&error.to_string()),
    })?;
    let text = std::str::from_utf8(&bytes).map_err(|_| place("it is not UTF-8"))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    Ok(Secret::new(text.strip_suffix('\r').unwrap_or(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn the_first_source_wins() {
        let directory = tempfile::tempdir().expect("a directory");
        for name in ["A", "B", "C"] {
            fs::write(directory.path().join(name), "from a file\n\n").expect("it writes");
        }
        let variables = [("WORKY_SECRET_A", "from the environment"), ("WORKY_SECRET_B", "from the environment")];
        let sources = Sources {
            dev_vars: Some(DevVars::parse("A=from .dev.vars").expect("it is well-formed")),
            environment: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            credentials: Some(directory.path().to_owned()),
        };
        let found = resolve(&names(&["C", "B", "A"]), &sources).expect("all are there");
        let found: Vec<_> = found.iter().map(|(name, secret)| (name.as_str(), secret.expose())).collect();
        assert_eq!(found, [("C", "from a file\n"), ("B", "from the environment"), ("A", "from .dev.vars")]);
    }

    #[test]
    fn all_that_are_missing_are_listed_with_the_places() {
        let directory = tempfile::tempdir().expect("a directory");
        let credentials = directory.path().join("credentials");
        fs::create_dir(&credentials).expect("a directory");
        fs::write(directory.path().join("outside"), "no").expect("it writes");
        fs::write(credentials.join("BINARY"), [0xff]).expect("it writes");
        fs::create_dir(credentials.join("DIRECTORY")).expect("a directory");
        let sources = Sources {
            dev_vars: Some(DevVars::default()),
            environment: BTreeMap::from([("ABSENT".to_owned(), "without the prefix".to_owned())]),
            credentials: Some(credentials.clone()),
        };
        let missing = resolve(&names(&["ABSENT", "../outside", "BINARY", "DIRECTORY"]), &sources).expect_err("missing");
        let texts: Vec<_> = missing.iter().map(ToString::to_string).collect();
        let file = credentials.join("ABSENT");
        assert_eq!(
            texts[0],
            format!(
                "secret ABSENT is declared and missing; looked in: .dev.vars, the environment variable \
                 WORKY_SECRET_ABSENT, the file {}",
                file.display()
            )
        );
        for (text, part) in texts.iter().zip(["", "cannot name a file", "is not UTF-8", "irectory"]) {
            assert!(text.contains(part), "{text}");
        }
    }
}
