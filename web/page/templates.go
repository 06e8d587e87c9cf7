package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"runtime"
	"strings"
)

// Templates are the embedded templates, without their folder: layout/public.html, part/form.html, public/home.html …
var Templates = mustSub(embedded, "templates")

//go:embed templates
var embedded embed.FS

func mustSub(files fs.FS, dir string) fs.FS {
	sub, err := fs.Sub(files, dir)
	if err != nil {
		panic(err)
	}
	return sub
}

// presses print pages. The functions of a template (T, date, url …) speak for one reader, and html/template binds them
// when it parses; so each press has its own copies, is lent to one request at a time, and knows whose page it prints.
// A page needs a processor and nothing else, so there are as many presses as processors.
type presses struct {
	pristine map[string]*template.Template
	free     chan *press
}

type press struct {
	site   *Site
	reader *Reader
	own    map[string]*template.Template
}

// newPresses parses every page with its layout and all parts. The layout is the one named like the page's folder, or bare.
func newPresses(files fs.FS, s *Site) (presses, error) {
	p := presses{pristine: map[string]*template.Template{}, free: make(chan *press, runtime.GOMAXPROCS(0))}
	names, err := glob(files)
	if err != nil {
		return p, err
	}
	funcs := (&press{site: s}).funcs()
	for name, text := range names {
		dir := path.Dir(name)
		if dir == "layout" || dir == "part" {
			continue
		}
		layout, ok := names["layout/"+dir]
		if !ok {
			layout = names["layout/bare"]
		}
		t := template.New("layout").Funcs(funcs).Option("missingkey=error")
		if _, err := t.Parse(layout); err != nil {
			return p, fmt.Errorf("page: layout of %s: %w", name, err)
		}
		for part, text := range names {
			if path.Dir(part) == "part" {
				if _, err := t.New(part).Parse(text); err != nil {
					return p, fmt.Errorf("page: %w", err)
				}
			}
		}
		if _, err := t.New(name).Parse(text); err != nil {
			return p, fmt.Errorf("page: %w", err)
		}
		for _, must := range []string{"title", "main"} {
			if t.Lookup(must) == nil {
				return p, fmt.Errorf("page: %s does not define %q", name, must)
			}
		}
		p.pristine[name] = t
	}
	for range cap(p.free) {
		p.free <- &press{site: s, own: map[string]*template.Template{}}
	}
	return p, nil
}

// glob reads every template, by name without .html.
func glob(files fs.FS) (map[string]string, error) {
	names := map[string]string{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".html" {
			return err
		}
		text, err := fs.ReadFile(files, name)
		names[strings.TrimSuffix(name, ".html")] = string(text)
		return err
	})
	return names, err
}

// print executes a page for a reader.
func (p presses) print(name string, r *Reader, data any) ([]byte, error) {
	pristine := p.pristine[name]
	if pristine == nil {
		return nil, fmt.Errorf("page: no template %q", name)
	}
	one := <-p.free
	defer func() { one.reader = nil; p.free <- one }()
	t := one.own[name]
	if t == nil {
		var err error
		if t, err = pristine.Clone(); err != nil {
			return nil, err
		}
		one.own[name] = t.Funcs(one.funcs())
	}
	one.reader = r
	var b bytes.Buffer
	b.Grow(16 << 10)
	if err := t.Execute(&b, data); err != nil {
		return nil, fmt.Errorf("page: print %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// Overlay lays files over others: a test's own pages over the real layouts.
func Overlay(over, under fs.FS) fs.FS { return overlay{over, under} }

type overlay struct{ over, under fs.FS }

func (o overlay) Open(name string) (fs.File, error) {
	if f, err := o.over.Open(name); err == nil {
		if info, err := f.Stat(); err == nil && !info.IsDir() {
			return f, nil
		}
	}
	return o.under.Open(name)
}

func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	over, _ := fs.ReadDir(o.over, name)
	under, err := fs.ReadDir(o.under, name)
	if err != nil && len(over) > 0 {
		return over, nil
	}
	seen := map[string]bool{}
	for _, e := range over {
		seen[e.Name()] = true
	}
	for _, e := range under {
		if !seen[e.Name()] {
			over = append(over, e)
		}
	}
	return over, err
}
