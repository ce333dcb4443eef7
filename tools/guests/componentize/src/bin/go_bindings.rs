//! Writes the Go packages that a guest in Go imports and fills in.
//!
//! usage: go_bindings DIR --module NAME --world NAME --wit PATH...
//!
//! The same as `wit-bindgen go` writes, which is a program with every other language in it.

#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use wit_bindgen_core::Files;
use wit_parser::Resolve;

fn main() -> Result<()> {
    let (mut dir, mut module, mut world, mut wit) = (None, None, None, Vec::new());
    let mut words = env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} needs a value"));
        match &*word {
            "--module" => module = Some(value()?),
            "--world" => world = Some(value()?),
            "--wit" => wit.push(PathBuf::from(value()?)),
            _ if word.starts_with('-') || dir.is_some() => bail!("unknown argument {word}"),
            _ => dir = Some(PathBuf::from(word)),
        }
    }
    let dir = dir.context("no directory is named")?;

    let mut resolve = Resolve::default();
    let mut packages = Vec::new();
    for path in &wit {
        packages = vec![resolve.push_path(path).with_context(|| path.display().to_string())?.0];
    }
    let world = resolve.select_world(&packages, world.as_deref())?;
    let mut files = Files::default();
    let options = wit_bindgen_go::Opts {
        format: wit_bindgen_go::Format::False,
        pkg_name: module,
        quiet: true,
        ..Default::default()
    };
    options.build().generate(&mut resolve, world, &mut files)?;
    for (name, contents) in files.iter() {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().context("a file has a directory")?)?;
        fs::write(&path, contents).with_context(|| path.display().to_string())?;
    }
    Ok(())
}
