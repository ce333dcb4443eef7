//! `wasi:filesystem` 0.2 over the host's files, in the place of wasmtime's own: the same mounts, quotas and refusals as
//! in JavaScript. The preopens are `/NAME` for each granted directory, `/bundle` and `/tmp`.
//!
//! A descriptor of a directory is a mount and a path in it, looked up by every call; that of a file is an open file.

mod descriptor;
mod directory;
mod error;
mod stream;

use wasmtime::component::{HasData, Linker, Resource, ResourceTable};
use wasmtime_wasi::p2::FsError;
use wasmtime_wasi::p2::bindings::filesystem::{preopens, types};
use worky_host::files::{FileError, FilePath, MountId, Session};

use crate::state::State;
use descriptor::{Descriptor, Directory};

struct Filesystem;

impl HasData for Filesystem {
    type Data<'a> = FilesystemView<'a>;
}

pub(crate) struct FilesystemView<'a> {
    table: &'a mut ResourceTable,
    session: &'a Session,
}

fn view(state: &mut State) -> FilesystemView<'_> {
    FilesystemView { table: &mut state.table, session: &state.files }
}

/// Links it over what stands under these names already.
pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.allow_shadowing(true);
    types::add_to_linker::<State, Filesystem>(linker, view)?;
    preopens::add_to_linker::<State, Filesystem>(linker, view)?;
    linker.allow_shadowing(false);
    Ok(())
}

// The generated interfaces name wasmtime's own types as their resources. A resource is a number in the table, and the
// table knows what is there: these functions say whose it is.

fn ours(descriptor: &Resource<types::Descriptor>) -> Resource<Descriptor> {
    Resource::new_own(descriptor.rep())
}

fn theirs(descriptor: Resource<Descriptor>) -> Resource<types::Descriptor> {
    Resource::new_own(descriptor.rep())
}

impl FilesystemView<'_> {
    fn get(&self, descriptor: &Resource<types::Descriptor>) -> Result<&Descriptor, FsError> {
        Ok(self.table.get(&ours(descriptor))?)
    }

    fn push(&mut self, descriptor: Descriptor) -> wasmtime::Result<Resource<types::Descriptor>> {
        Ok(theirs(self.table.push(descriptor)?))
    }
}

impl preopens::Host for FilesystemView<'_> {
    fn get_directories(&mut self) -> wasmtime::Result<Vec<(Resource<types::Descriptor>, String)>> {
        let files = self.session.files();
        let granted = files.mounts().iter().enumerate();
        let mut places: Vec<_> = granted.map(|(index, (name, _))| (MountId::Granted(index), name.clone())).collect();
        for (mount, name) in [(MountId::Bundle, "bundle"), (MountId::Tmp, "tmp")] {
            if self.session.mount(mount).is_some() {
                places.push((mount, name.to_owned()));
            }
        }
        let mut directories = Vec::with_capacity(places.len());
        for (mount, name) in places {
            let directory = Descriptor::Directory(Directory { mount, path: FilePath::root() });
            directories.push((self.push(directory)?, format!("/{name}")));
        }
        Ok(directories)
    }
}

impl types::Host for FilesystemView<'_> {
    fn convert_error_code(&mut self, error: FsError) -> wasmtime::Result<types::ErrorCode> {
        error.downcast()
    }

    fn filesystem_error_code(
        &mut self,
        error: Resource<wasmtime::Error>,
    ) -> wasmtime::Result<Option<types::ErrorCode>> {
        Ok(self.table.get(&error)?.downcast_ref::<FileError>().map(error::code))
    }
}
