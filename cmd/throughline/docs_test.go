package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// documented are the command lines of README.md and docs, by file: what stands in a block of code, with the lines on which it
// goes on.
func documented(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	guides, err := filepath.Glob("../../docs/guides/*.md")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	begins := regexp.MustCompile(`^(?:    |\t)(?:[A-Z_]+=\S+ )*(?:sudo -u \S+ )?(?:\./|/usr/local/bin/)?throughline `)
	for _, file := range append(append(files, guides...), "../../README.md", "../../CONTRIBUTING.md") {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.ReplaceAll(string(source), "```sh", "```"), "\n")
		fenced := false
		for n := 0; n < len(lines); n++ {
			if strings.HasPrefix(lines[n], "```") {
				fenced = !fenced
			}
			line := lines[n]
			if fenced {
				line = "    " + line
			}
			if !begins.MatchString(line) {
				continue
			}
			for strings.HasSuffix(line, `\`) || n+1 < len(lines) && regexp.MustCompile(`^\s{5,}--`).MatchString(lines[n+1]) {
				n++
				line = strings.TrimSuffix(line, `\`) + " " + strings.TrimSpace(lines[n])
			}
			if at := strings.Index(line, "throughline "); at >= 0 {
				all[filepath.Base(file)] = append(all[filepath.Base(file)], line[at+len("throughline "):])
			}
		}
	}
	return all
}

// words splits a command line as a shell does, up to a comment, a pipe or a redirection.
func words(line string) (all []string) {
	for _, part := range regexp.MustCompile(`'[^']*'|"[^"]*"|[^\s'"]+(?:"[^"]*"|'[^']*')?|\S+`).FindAllString(line, -1) {
		if strings.HasPrefix(part, "#") || part == "|" || part == ">" || part == "&&" || part == "<" || part == ";" {
			break
		}
		all = append(all, strings.NewReplacer(`"`, "", `'`, "").Replace(part))
	}
	return all
}

// Every command that a document shows is one that the program takes, with all its flags.
func TestEveryCommandThatADocumentShowsIsTaken(t *testing.T) {
	all := documented(t)
	t.Chdir(t.TempDir())
	n := 0
	for file, lines := range all {
		for _, line := range lines {
			args := words(line)
			if strings.Contains(line, "...") && !strings.Contains(line, "://") || len(args) == 0 {
				continue // a pattern, not a command
			}
			n++
			for i, arg := range args { // files that must be there
				if filepath.IsAbs(arg) && filepath.Ext(arg) != "" {
					arg = filepath.Base(arg)
					args[i] = arg
				}
				arg = strings.TrimPrefix(arg[strings.Index(arg, "=")+1:], "./")
				if filepath.Ext(arg) != "" && !strings.Contains(arg, "://") && !filepath.IsAbs(arg) && !strings.HasPrefix(arg, "-") {
					os.MkdirAll(filepath.Dir(arg), 0o700)
					os.WriteFile(arg, nil, 0o600)
				}
			}
			var c commands
			p := parser(t.Context(), &c)
			p.Exit = func(int) {}
			p.Stdout, p.Stderr = discard{}, discard{}
			if _, err := p.Parse(args); err != nil {
				t.Errorf("%s: throughline %s: %v", file, line, err)
			}
		}
	}
	if n < 40 {
		t.Errorf("only %d commands were found", n)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// What README begins with runs as it stands: an organisation, its administrator's link, the roster, a backup and its
// restoration into a new file; and coaches for locations from a file.
func TestReadmeBegins(t *testing.T) {
	lines := documented(t)["README.md"]
	t.Chdir(t.TempDir())
	t.Setenv("THROUGHLINE_DB", "throughline.db")
	for name, text := range map[string]string{
		"people.csv": "Id,Name,Unit\n1,Ann,Shops/North\n2,Bob,Shops/South\n",
		"map.yaml":   "people: {key: Id, name: Name, unit_path: Unit}\n",
		"sites.csv":  "Site,Staff\nLeeds,120\nBath,49\nYork,51\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ran := 0
	for _, line := range lines {
		for begin, says := range map[string]string{"organisation create": "acme", "account link": "/sign-in/link/", "import roster": "people added, 2", "coverage ": "6"} {
			if !strings.HasPrefix(line, begin) {
				continue
			}
			out, errors, status := command(t, words(line)...)
			if ran++; status != 0 || !strings.Contains(out, says) {
				t.Errorf("throughline %s: %d %s %s", line, status, out, errors)
			}
		}
	}
	if ran != 4 {
		t.Errorf("%d of the four commands stand in README.md", ran)
	}
	for _, args := range [][]string{{"backup", "all.zip"}, {"restore", "--db", "again.db", "all.zip"}} {
		if out, errors, status := command(t, args...); status != 0 {
			t.Errorf("%v: %d %s %s", args, status, out, errors)
		}
	}
}
