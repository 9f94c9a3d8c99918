// Package assets holds what the browser gets besides pages: scripts, styles and
// fonts, bundled by go generate and embedded. It refuses to know what any page
// looks like. Without Node a build has none of them; Built says so.
package assets

import (
	"embed"
	"net/http"
)

// The pages first: they need no Node.
//go:generate go tool templ generate -path ../../../..
//go:generate go run ./build

//go:embed all:dist
var dist embed.FS

var built = load(dist, "dist")

// Built tells whether the program was built with its assets. Pages work without
// them, unstyled, and should say so.
func Built() bool { return len(built.names) > 0 }

// Path returns the address of an asset by its plain name, "app.js", "app.css",
// "answer.css", "icon.svg", a font such as "inter-latin-wght-normal.woff2", or
// "licences.txt": "/assets/app-4XKQ2M7A.js". An unknown name, or any name when
// nothing is built, has an address that answers 404.
func Path(name string) string { return built.path(name) }

// Handler answers GET and HEAD below /assets/. Names change with their content,
// so answers may be kept for ever; text is compressed once, at start.
func Handler() http.Handler { return built }
