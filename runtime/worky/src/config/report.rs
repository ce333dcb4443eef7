use std::cell::RefCell;
use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::source::{Source, Span};
use crate::terminal::Color;

/// Everything that is wrong, collected while reading goes on.
#[derive(Default, Debug)]
pub(crate) struct Report(RefCell<Vec<Problem>>);

/// One thing that is wrong: what, where, and how to mend it.
#[derive(Debug)]
pub(crate) struct Problem {
    severity: Severity,
    message: String,
    /// The culprit first.
    places: Vec<(Span, String)>,
    hints: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Severity {
    Error,
    Warning,
}

impl Report {
    pub(crate) fn push(&self, problem: Problem) {
        self.0.borrow_mut().push(problem);
    }

    pub(crate) fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    pub(crate) fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        self.0.borrow().iter().filter(|problem| problem.severity == severity).count()
    }

    /// Every problem by its parts, for programs.
    pub(crate) fn each(&self) -> Vec<Told> {
        self.0.borrow().iter().map(Problem::told).collect()
    }

    /// Every problem with its lines of source, in their order; the empty text if there is none.
    pub(crate) fn render(&self, color: Color) -> String {
        let renderer = match color {
            Color::Always => Renderer::styled(),
            Color::Never => Renderer::plain(),
        }
        .decor_style(DecorStyle::Ascii);
        let problems = self.0.borrow();
        let mut sources: Vec<&Arc<Source>> = Vec::new();
        let mut ordered: Vec<_> = problems
            .iter()
            .map(|problem| {
                let Some((span, _)) = problem.places.first() else { return ((0, 0), problem) };
                let known = sources.iter().position(|source| Arc::ptr_eq(source, &span.source));
                let source = known.unwrap_or_else(|| {
                    sources.push(&span.source);
                    sources.len() - 1
                });
                ((source, span.range.start), problem)
            })
            .collect();
        ordered.sort_by_key(|(place, _)| *place);
        ordered.iter().fold(String::new(), |out, (_, problem)| out + &renderer.render(&[problem.group()]) + "\n\n")
    }
}

/// The parts of a problem.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) level: &'static str,
    pub(crate) message: String,
    /// The file, and line and column in it, both from 1, where it is not about the file as a whole.
    pub(crate) place: Option<(String, Option<(usize, usize)>)>,
    pub(crate) hints: Vec<String>,
}

impl Problem {
    fn told(&self) -> Told {
        let place = self.places.first().map(|(span, _)| {
            let within = (!span.is_whole()).then(|| span.source.position(span.range.start));
            (span.source.name().to_owned(), within)
        });
        let level = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        Told { level, message: self.message.clone(), place, hints: self.hints.clone() }
    }

    pub(crate) fn error(message: impl Into<String>) -> Self {
        Problem { severity: Severity::Error, message: message.into(), places: Vec::new(), hints: Vec::new() }
    }

    pub(crate) fn warning(message: impl Into<String>) -> Self {
        Problem { severity: Severity::Warning, ..Problem::error(message) }
    }

    /// A place and what to write beside it; the first one given is the culprit.
    pub(crate) fn at(mut self, span: &Span, label: impl Into<String>) -> Self {
        self.places.push((span.clone(), label.into()));
        self
    }

    /// A file that cannot be shown, instead of a place in it.
    pub(crate) fn in_file(self, name: String) -> Self {
        self.at(&Span::whole(&Source::new(name, ".", "")), "")
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    fn group(&self) -> Group<'_> {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(&self.message));
        let mut rest = self.places.as_slice();
        while let Some((first, _)) = rest.first() {
            // A snippet holds neighbours of one source, so that their lines are shown together.
            let same = rest.iter().take_while(|(span, _)| Arc::ptr_eq(&span.source, &first.source)).count();
            let (places, others) = rest.split_at(same);
            rest = others;
            if first.is_whole() {
                group = group.element(Origin::path(first.source.name()));
                continue;
            }
            let mut snippet = Snippet::source(first.source.text()).path(first.source.name());
            for place @ (span, label) in places {
                let is_culprit = std::ptr::eq(place, &self.places[0]);
                let kind = if is_culprit { AnnotationKind::Primary } else { AnnotationKind::Context };
                snippet = snippet.annotation(kind.span(span.range.clone()).label(label));
            }
            group = group.element(snippet);
        }
        group.elements(self.hints.iter().map(|hint| Level::HELP.message(hint)))
    }
}
