// Package docs is the manual, which the program serves under /help.
package docs

import "embed"

// Files are the pages, in Markdown: name.md in English, name.nl.md in Dutch where there is one.
//
//go:embed *.md guides/*.md decisions/*.md
var Files embed.FS
