package page

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"runtime"
	"strings"
	"text/template/parse"
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
// when it puts a page together; so each press has its own copies, is lent to one request at a time, and knows whose page it
// prints. A page needs a processor and nothing else, so there are as many presses as processors.
type presses struct {
	pages map[string]trees // of each page: the templates it is made of, and no others
	free  chan *press
}

// trees are parsed templates by name. They are shared and never executed: escaping writes into them.
type trees map[string]*parse.Tree

type press struct {
	site   *Site
	reader *Reader
	own    map[string]*template.Template
}

// newPresses parses every template once and finds what each page is made of. The layout is the one named like the page's
// folder, or bare.
func newPresses(files fs.FS, s *Site) (presses, error) {
	p := presses{pages: map[string]trees{}, free: make(chan *press, runtime.GOMAXPROCS(0))}
	texts, err := glob(files)
	if err != nil {
		return p, err
	}
	funcs := (&press{site: s}).funcs()
	parsed, parts := map[string]trees{}, trees{}
	for name, text := range texts {
		if parsed[name], err = parse.Parse(name, text, "", "", funcs, builtin); err != nil {
			return p, fmt.Errorf("page: %w", err)
		}
		if path.Dir(name) == "part" {
			maps.Copy(parts, parsed[name])
		}
	}
	for name, own := range parsed {
		dir := path.Dir(name)
		if dir == "layout" || dir == "part" {
			continue
		}
		layout := "layout/" + dir
		if parsed[layout] == nil {
			layout = "layout/bare"
		}
		all := maps.Clone(parts)
		maps.Copy(all, parsed[layout])
		maps.Copy(all, own)
		all["layout"] = parsed[layout][layout]
		if p.pages[name], err = all.needed("layout", "title", "main"); err != nil {
			return p, fmt.Errorf("page: %s: %w", name, err)
		}
	}
	for range cap(p.free) {
		p.free <- &press{site: s, own: map[string]*template.Template{}}
	}
	return p, nil
}

// builtin are the names of the functions that every template has.
var builtin = func() map[string]any {
	names := map[string]any{}
	for _, name := range strings.Fields("and call html index slice js len not or print printf println urlquery eq ge gt le lt ne") {
		names[name] = true
	}
	return names
}()

// needed are the templates of these names and all that they call.
func (ts trees) needed(names ...string) (trees, error) {
	found := trees{}
	var visit func(name string) error
	visit = func(name string) error {
		if found[name] != nil {
			return nil
		}
		tree := ts[name]
		if tree == nil || tree.Root == nil {
			return fmt.Errorf("nothing defines %q", name)
		}
		found[name] = tree
		return calls(tree.Root, visit)
	}
	for _, name := range names {
		if err := visit(name); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// calls visits the names of the templates that a part of a tree calls.
func calls(n parse.Node, visit func(string) error) error {
	both := func(b *parse.BranchNode) error { return errors.Join(calls(b.List, visit), calls(b.ElseList, visit)) }
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		for _, child := range n.Nodes {
			if err := calls(child, visit); err != nil {
				return err
			}
		}
	case *parse.IfNode:
		return both(&n.BranchNode)
	case *parse.RangeNode:
		return both(&n.BranchNode)
	case *parse.WithNode:
		return both(&n.BranchNode)
	case *parse.TemplateNode:
		return visit(n.Name)
	}
	return nil
}

// put puts a page together for a press.
func (ts trees) put(funcs template.FuncMap) (*template.Template, error) {
	t := template.New("page").Funcs(funcs).Option("missingkey=error")
	for name, tree := range ts {
		if _, err := t.AddParseTree(name, tree.Copy()); err != nil {
			return nil, err
		}
	}
	return t.Lookup("layout"), nil
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
	made := p.pages[name]
	if made == nil {
		return nil, fmt.Errorf("page: no template %q", name)
	}
	one := <-p.free
	defer func() { one.reader = nil; p.free <- one }()
	t := one.own[name]
	if t == nil {
		var err error
		if t, err = made.put(one.funcs()); err != nil {
			return nil, err
		}
		one.own[name] = t
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
