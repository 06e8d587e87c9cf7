package page_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"fund/web/page"
	"fund/web/static"
)

func TestAssetsAreImmutableAndSmall(t *testing.T) {
	t.Parallel()
	h := open(t, page.Options{})
	h.app.Get("/static/:hash/:name", page.ServeAsset)
	text, err := static.FS.ReadFile("components.css")
	if err != nil {
		t.Fatal(err)
	}
	at := page.Asset("components.css")
	plain := h.get(at)
	if plain.body != string(text) || plain.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%s: %d bytes of %s", at, len(plain.body), plain.Header.Get("Content-Type"))
	}
	if keep := plain.Header.Get("Cache-Control"); keep != "public, max-age=31536000, immutable" {
		t.Errorf("Cache-Control %q", keep)
	}
	zipped := h.get(at, "Accept-Encoding", "gzip")
	if gunzip(t, zipped.body) != string(text) || zipped.Header.Get("Content-Encoding") != "gzip" {
		t.Error("the gzip form is another file")
	}
	if br := h.get(at, "Accept-Encoding", "gzip, br"); br.Header.Get("Content-Encoding") != "br" || len(br.body) >= len(zipped.body) {
		t.Errorf("brotli: %d bytes, gzip %d", len(br.body), len(zipped.body))
	}
	if old := h.get("/static/old/components.css"); old.StatusCode != 200 || old.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("another release's address: %d %s", old.StatusCode, old.Header.Get("Cache-Control"))
	}
	for _, path := range []string{"/static/x/none.css", "/static/x/static.go", "/static/x/..%2Fstatic.go", "/static/x/fonts", "/static/x/%00"} {
		h.says(h.get(path), 404)
	}
	if js := h.get(page.Asset("live.js")); js.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("a module is %s", js.Header.Get("Content-Type"))
	}
}

func TestTemplatesAskForAssetsThatExistAndHoldNoInlineStyle(t *testing.T) {
	t.Parallel()
	asked := regexp.MustCompile(`asset "([^"]+)"`)
	inline := regexp.MustCompile(`(?i)\sstyle\s*=|<style|\son[a-z]+\s*=|<script(?:[^>]*)>[^<]|https?://`)
	err := fs.WalkDir(page.Templates, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(page.Templates, name)
		if err != nil {
			return err
		}
		for _, m := range asked.FindAllStringSubmatch(string(text), -1) {
			if _, err := static.FS.Open(m[1]); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if bad := inline.FindString(string(text)); strings.TrimSpace(bad) != "" {
			t.Errorf("%s: %q, which the content policy refuses", name, bad)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
