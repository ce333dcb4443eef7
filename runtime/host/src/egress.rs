//! Which addresses a worker may reach: by name before DNS, by every resolved address after it.
