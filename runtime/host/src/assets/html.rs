//! Which file a path means: pages have one address each, and their other spellings lead there.

use super::{HtmlHandling, NotFoundHandling};

/// The paths of all files, each from the root: `/index.html`.
pub(super) trait Files {
    fn has(&self, path: &str) -> bool;
}

/// What a path means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A file, by its path.
    File(String),
    /// The address of the page that is meant.
    Elsewhere(String),
    Nothing,
}

/// `path` begins with `/` and is decoded.
pub(super) fn meaning(path: &str, handling: HtmlHandling, files: &dyn Files) -> Meaning {
    let at_hand = served_at(path, handling, files);
    if let Some(file) = &at_hand
        && address(file, handling) == path
    {
        return Meaning::File(file.clone());
    }
    if handling != HtmlHandling::None {
        for file in spelled(path).into_iter().filter(|file| files.has(file)) {
            let address = address(&file, handling);
            // Another file may have taken its address.
            if address != path && !files.has(&address) && served_at(&address, handling, files).as_ref() == Some(&file) {
                return Meaning::Elsewhere(address);
            }
            if file == path {
                return Meaning::File(file);
            }
        }
    }
    at_hand.map_or(Meaning::Nothing, Meaning::File)
}

/// The page that stands for what is not there: its path and whether it says so.
pub(super) fn stand_in(path: &str, handling: NotFoundHandling, files: &dyn Files) -> Option<String> {
    match handling {
        NotFoundHandling::None => None,
        NotFoundHandling::SinglePageApplication => Some("/index.html".to_owned()).filter(|page| files.has(page)),
        NotFoundHandling::Page404 => {
            let mut directory = path;
            while let Some(end) = directory.rfind('/') {
                directory = &directory[..end];
                let page = format!("{directory}/404.html");
                if files.has(&page) {
                    return Some(page);
                }
            }
            None
        }
    }
}

/// The file whose content is at an address.
fn served_at(path: &str, handling: HtmlHandling, files: &dyn Files) -> Option<String> {
    let directory = path.strip_suffix('/');
    let candidates = match (handling, directory) {
        (HtmlHandling::None, _) => vec![path.to_owned()],
        (HtmlHandling::DropTrailingSlash, Some(above)) if !above.is_empty() => vec![],
        (HtmlHandling::ForceTrailingSlash, Some(above)) => vec![format!("{above}/index.html"), format!("{above}.html")],
        (_, Some(above)) => vec![format!("{above}/index.html")],
        (HtmlHandling::ForceTrailingSlash, None) => vec![path.to_owned()],
        (HtmlHandling::AutoTrailingSlash, None) => vec![path.to_owned(), format!("{path}.html")],
        (HtmlHandling::DropTrailingSlash, None) => {
            vec![path.to_owned(), format!("{path}.html"), format!("{path}/index.html")]
        }
    };
    candidates.into_iter().find(|file| files.has(file))
}

/// Where a file is to be asked for.
fn address(file: &str, handling: HtmlHandling) -> String {
    let end = match handling {
        HtmlHandling::None => return file.to_owned(),
        HtmlHandling::ForceTrailingSlash => "/",
        HtmlHandling::AutoTrailingSlash | HtmlHandling::DropTrailingSlash => "",
    };
    match (file.strip_suffix("/index.html"), file.strip_suffix(".html")) {
        (Some(directory), _) if handling == HtmlHandling::DropTrailingSlash && !directory.is_empty() => {
            directory.to_owned()
        }
        (Some(directory), _) => format!("{directory}/"),
        (None, Some(stem)) => format!("{stem}{end}"),
        (None, None) => file.to_owned(),
    }
}

/// The pages that a path may be another spelling of, the likeliest first.
fn spelled(path: &str) -> Vec<String> {
    let page = |stem: &str| format!("{stem}.html");
    let index = |stem: &str| format!("{stem}/index.html");
    if let Some(stem) = path.strip_suffix("/index").or_else(|| path.strip_suffix("/index.html")) {
        return vec![index(stem), page(stem), page(path), index(path)];
    }
    if let Some(stem) = path.strip_suffix(".html") {
        return vec![page(stem), index(stem), index(path)];
    }
    let stem = path.strip_suffix('/').unwrap_or(path);
    vec![page(stem), index(stem)]
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Files for Vec<&str> {
        fn has(&self, path: &str) -> bool {
            self.contains(&path)
        }
    }

    fn told(path: &str, handling: HtmlHandling, files: &[&str]) -> String {
        match meaning(path, handling, &files.to_vec()) {
            Meaning::File(file) => file,
            Meaning::Elsewhere(address) => format!("-> {address}"),
            Meaning::Nothing => "nothing".to_owned(),
        }
    }

    #[track_caller]
    fn check(handling: HtmlHandling, files: &[&str], table: &[(&str, &str)]) {
        for (path, expected) in table {
            assert_eq!(told(path, handling, files), *expected, "{path}");
        }
    }

    const SITE: [&str; 5] = ["/index.html", "/file.html", "/folder/index.html", "/bin", "/style.css"];

    #[test]
    fn slashes_by_what_is_there() {
        check(
            HtmlHandling::AutoTrailingSlash,
            &SITE,
            &[
                ("/", "/index.html"),
                ("/index", "-> /"),
                ("/index.html", "-> /"),
                ("/file", "/file.html"),
                ("/file.html", "-> /file"),
                ("/file/", "-> /file"),
                ("/file/index", "-> /file"),
                ("/file/index.html", "-> /file"),
                ("/folder", "-> /folder/"),
                ("/folder.html", "-> /folder/"),
                ("/folder/", "/folder/index.html"),
                ("/folder/index", "-> /folder/"),
                ("/folder/index.html", "-> /folder/"),
                ("/bin", "/bin"),
                ("/bin/", "nothing"),
                ("/style.css", "/style.css"),
                ("/style", "nothing"),
                ("/none", "nothing"),
            ],
        );
    }

    #[test]
    fn slashes_forced() {
        check(
            HtmlHandling::ForceTrailingSlash,
            &SITE,
            &[
                ("/", "/index.html"),
                ("/index.html", "-> /"),
                ("/file", "-> /file/"),
                ("/file.html", "-> /file/"),
                ("/file/", "/file.html"),
                ("/file/index", "-> /file/"),
                ("/file/index.html", "-> /file/"),
                ("/folder", "-> /folder/"),
                ("/folder/", "/folder/index.html"),
                ("/folder/index.html", "-> /folder/"),
                ("/bin", "/bin"),
            ],
        );
    }

    #[test]
    fn slashes_dropped() {
        check(
            HtmlHandling::DropTrailingSlash,
            &SITE,
            &[
                ("/", "/index.html"),
                ("/index", "-> /"),
                ("/index.html", "-> /"),
                ("/file", "/file.html"),
                ("/file/", "-> /file"),
                ("/folder", "/folder/index.html"),
                ("/folder/", "-> /folder"),
                ("/folder.html", "-> /folder"),
                ("/folder/index", "-> /folder"),
                ("/folder/index.html", "-> /folder"),
                ("/bin", "/bin"),
            ],
        );
    }

    #[test]
    fn files_as_they_are() {
        check(
            HtmlHandling::None,
            &SITE,
            &[("/", "nothing"), ("/index.html", "/index.html"), ("/file", "nothing"), ("/file.html", "/file.html")],
        );
    }

    /// Nothing is led to an address where something else is.
    #[test]
    fn addresses_that_two_files_could_have() {
        let both = ["/x.html", "/x/index.html"];
        check(
            HtmlHandling::AutoTrailingSlash,
            &both,
            &[
                ("/x", "/x.html"),
                ("/x/", "/x/index.html"),
                ("/x.html", "-> /x"),
                ("/x/index", "-> /x/"),
                ("/x/index.html", "-> /x/"),
            ],
        );
        check(
            HtmlHandling::ForceTrailingSlash,
            &both,
            &[("/x/", "/x/index.html"), ("/x.html", "/x.html"), ("/x", "-> /x/")],
        );
        check(
            HtmlHandling::DropTrailingSlash,
            &both,
            &[("/x", "/x.html"), ("/x/index.html", "/x/index.html"), ("/x/", "-> /x")],
        );
        check(
            HtmlHandling::AutoTrailingSlash,
            &["/x", "/x.html", "/index", "/index.html"],
            &[("/x", "/x"), ("/x.html", "/x.html"), ("/index", "/index"), ("/index.html", "-> /")],
        );
    }

    #[test]
    fn stand_ins() {
        let files = vec!["/index.html", "/404.html", "/docs/404.html"];
        let page = |path: &str, handling| stand_in(path, handling, &files);
        assert_eq!(page("/a", NotFoundHandling::None), None);
        assert_eq!(page("/a/b", NotFoundHandling::SinglePageApplication).as_deref(), Some("/index.html"));
        for (path, expected) in
            [("/a", "/404.html"), ("/docs/a/b", "/docs/404.html"), ("/docs", "/404.html"), ("/", "/404.html")]
        {
            assert_eq!(page(path, NotFoundHandling::Page404).as_deref(), Some(expected), "{path}");
        }
        assert_eq!(stand_in("/a/b", NotFoundHandling::Page404, &vec!["/index.html"]), None);
    }
}
