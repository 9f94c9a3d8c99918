package assets

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// prefix is where Handler answers.
const prefix = "/assets/"

// types is our own table because the one of package mime depends on the machine.
var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

// bundle is one build of the assets.
type bundle struct {
	names map[string]string // plain name -> hashed name
	files map[string]file   // by hashed name
}

type file struct {
	kind        string
	plain, gzip []byte // gzip is nil where it gains nothing
}

// load reads a folder that the build program wrote. A folder without a readable
// manifest is a build without assets.
func load(fsys fs.FS, dir string) *bundle {
	b := &bundle{files: map[string]file{}}
	manifest, err := fs.ReadFile(fsys, path.Join(dir, "manifest.json"))
	if err != nil || json.Unmarshal(manifest, &b.names) != nil {
		return &bundle{}
	}
	for _, name := range b.names {
		content, err := fs.ReadFile(fsys, path.Join(dir, name))
		if err != nil {
			return &bundle{}
		}
		f := file{kind: types[path.Ext(name)], plain: content}
		if z := compress(content); len(z) < len(content)*9/10 {
			f.gzip = z
		}
		b.files[name] = f
	}
	return b
}

func compress(content []byte) []byte {
	var buf bytes.Buffer
	w, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	w.Write(content)
	w.Close()
	return buf.Bytes()
}

func (b *bundle) path(name string) string {
	if hashed, ok := b.names[name]; ok {
		name = hashed
	}
	return prefix + name
}

func (b *bundle) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, prefix)
	f, ok := b.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if f.kind != "" {
		h.Set("Content-Type", f.kind)
	}
	content := f.plain
	if f.gzip != nil {
		h.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Get("Accept-Encoding")) {
			h.Set("Content-Encoding", "gzip")
			content = f.gzip
		}
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

// acceptsGzip reads Accept-Encoding as far as every browser uses it: gzip is
// named and not refused by q=0.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, q, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			q = strings.ReplaceAll(q, " ", "")
			return q != "q=0" && !strings.HasPrefix(q, "q=0.0")
		}
	}
	return false
}
