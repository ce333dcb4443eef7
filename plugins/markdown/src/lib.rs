//! Markdown for workers: `wit/markdown.wit` says what it does, comrak does it, and here the types meet.

#![cfg_attr(not(test), deny(clippy::unwrap_used))]

mod document;

mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "markdown" });
}

use std::cell::RefCell;

use bindings::exports::worky::markdown::rendering;
use bindings::worky::markdown::types::{Document, Heading, Link, LinkKind, Options, SyntaxError};

use document::Style;

struct Markdown;

impl bindings::Guest for Markdown {
    fn render(text: String, options: Option<Options>) -> String {
        Style::from(options).render(&text)
    }

    fn outline(text: String) -> Vec<Heading> {
        let headings = document::outline(&text).into_iter();
        headings.map(|heading| Heading { level: heading.level, text: heading.text, id: heading.id }).collect()
    }

    fn split(text: String) -> Result<Document, SyntaxError> {
        match document::split(&text) {
            Ok((front_matter, body)) => {
                Ok(Document { front_matter: front_matter.map(str::to_owned), body: body.to_owned() })
            }
            Err(line) => {
                Err(SyntaxError { line, message: "the front matter does not end: a line of --- is missing".to_owned() })
            }
        }
    }
}

impl rendering::Guest for Markdown {
    type Renderer = Renderer;
}

struct Renderer {
    style: Style,
    links: RefCell<Vec<document::Link>>,
}

impl rendering::GuestRenderer for Renderer {
    fn new(options: Option<Options>) -> Self {
        Renderer { style: Style::from(options), links: RefCell::default() }
    }

    fn render(&self, text: String) -> String {
        let mut links = self.links.borrow_mut();
        for link in self.style.links(&text) {
            if !links.contains(&link) {
                links.push(link);
            }
        }
        self.style.render(&text)
    }

    fn links(&self) -> Vec<Link> {
        let links = self.links.borrow();
        let exported = links.iter().map(|link| Link {
            kind: if link.is_image { LinkKind::Image } else { LinkKind::Link },
            target: link.target.clone(),
            title: link.title.clone(),
        });
        exported.collect()
    }

    fn clear(&self) {
        self.links.borrow_mut().clear();
    }
}

impl From<Option<Options>> for Style {
    fn from(options: Option<Options>) -> Self {
        let Some(options) = options else { return Style::default() };
        Style {
            gfm: options.gfm.unwrap_or_default(),
            allow_html: options.allow_html.unwrap_or_default(),
            hard_breaks: options.hard_breaks.unwrap_or_default(),
            smart: options.smart.unwrap_or_default(),
            heading_ids: options.heading_ids,
        }
    }
}

bindings::export!(Markdown with_types_in bindings);
