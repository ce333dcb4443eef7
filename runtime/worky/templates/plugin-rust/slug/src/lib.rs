//! `wit/slug.wit` says what this does.

wit_bindgen::generate!({ path: "wit" });

struct Component;

impl Guest for Component {
    fn slug(title: String, options: Option<Options>) -> Result<String, String> {
        let separator = options.and_then(|options| options.separator).unwrap_or('-');
        let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let slug = words.map(str::to_lowercase).collect::<Vec<_>>().join(&separator.to_string());
        if slug.is_empty() { Err(format!("there is no letter in \"{title}\"")) } else { Ok(slug) }
    }
}

export!(Component);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles() {
        let slug = |title: &str, separator| Component::slug(title.to_owned(), Some(Options { separator }));
        assert_eq!(slug("Hello, World!", None).as_deref(), Ok("hello-world"));
        assert_eq!(slug("  Ünï 2 ", Some('_')).as_deref(), Ok("ünï_2"));
        assert!(slug("?!", None).is_err());
    }
}
