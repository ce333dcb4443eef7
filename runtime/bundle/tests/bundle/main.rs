//! The crate from the outside: directories in, modules or errors out.

mod archive;
mod assets;
mod confinement;
mod errors;
mod fixture;
mod limits;
mod node;
mod packages;
mod resolution;
mod source_maps;
mod syntax;
mod tsconfig;
