package main

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// entries are the files of src that pages ask for by name.
var entries = []string{"app.ts", "app.css", "answer.ts", "answer.css", "icon.svg"}

// meta is the part of esbuild's metafile that says what became of what.
type meta struct {
	Inputs  map[string]struct{}
	Outputs map[string]struct {
		EntryPoint string
		Inputs     map[string]struct{}
	}
}

// bundle returns the files of dist by name, manifest.json among them. root is
// the folder of node_modules; src is relative to it.
func bundle(root, src string) (map[string][]byte, error) {
	options := api.BuildOptions{
		AbsWorkingDir:     root,
		Outdir:            "out",
		EntryNames:        "[name]-[hash]",
		AssetNames:        "[name]-[hash]",
		Bundle:            true,
		Format:            api.FormatIIFE,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		LegalComments:     api.LegalCommentsNone, // licences.txt holds them whole
		Metafile:          true,
		Loader:            map[string]api.Loader{".woff2": api.LoaderFile, ".svg": api.LoaderCopy},
		Engines: []api.Engine{
			{Name: api.EngineChrome, Version: "111"},
			{Name: api.EngineFirefox, Version: "115"},
			{Name: api.EngineSafari, Version: "16.4"},
		},
	}
	for _, e := range entries {
		options.EntryPoints = append(options.EntryPoints, path.Join(src, e))
	}
	result := api.Build(options)
	if len(result.Errors) > 0 {
		lines := api.FormatMessages(result.Errors, api.FormatMessagesOptions{})
		return nil, errors.New(strings.TrimSpace(strings.Join(lines, "")))
	}
	var m meta
	if err := json.Unmarshal([]byte(result.Metafile), &m); err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, f := range result.OutputFiles {
		files[filepath.Base(f.Path)] = f.Contents
	}
	manifest := names(m)
	text, err := licences(root, m)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	hashed := "licences-" + base32.StdEncoding.EncodeToString(sum[:5]) + ".txt"
	files[hashed], manifest["licences.txt"] = text, hashed
	files["manifest.json"], err = json.MarshalIndent(manifest, "", "\t")
	return files, err
}

// names maps the name a page uses to the hashed one: an entry point has its own
// name with the ending of what it became, a font or picture that of its source.
func names(m meta) map[string]string {
	manifest := map[string]string{}
	for out, o := range m.Outputs {
		source := o.EntryPoint
		if source == "" {
			for source = range o.Inputs {
			}
		}
		base := path.Base(source)
		manifest[strings.TrimSuffix(base, path.Ext(base))+path.Ext(out)] = path.Base(out)
	}
	return manifest
}

// licences joins the licence texts of every package that went into the bundles:
// their authors ask that the text travels with the files.
func licences(root string, m meta) ([]byte, error) {
	packages := map[string]bool{}
	for in := range m.Inputs {
		if rest, ok := strings.CutPrefix(in, "node_modules/"); ok {
			parts := strings.Split(rest, "/")
			n := 1
			if strings.HasPrefix(rest, "@") {
				n = 2
			}
			packages[path.Join(parts[:n]...)] = true
		}
	}
	var text []byte
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		b, err := os.ReadFile(filepath.Join(root, "node_modules", name, "LICENSE"))
		if err != nil {
			return nil, fmt.Errorf("package %s may not be shipped without its licence: %w", name, err)
		}
		text = fmt.Appendf(text, "%s\n\n%s\n\n", name, b)
	}
	return text, nil
}

// replace makes files the whole content of dir, but for .keep, which keeps the
// folder in a clone. Nothing is touched when nothing changed, so that go build
// stays quick.
func replace(dir string, files map[string][]byte) error {
	old, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range old {
		if _, ok := files[e.Name()]; !ok && e.Name() != ".keep" {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	for name, content := range files {
		file := filepath.Join(dir, name)
		if have, err := os.ReadFile(file); err == nil && string(have) == string(content) {
			continue
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
