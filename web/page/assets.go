package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"mime"
	"path"

	"fund/web/static"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// asset is one file of web/static with its two smaller forms, made once at start.
type asset struct {
	kind                string
	plain, gzip, brotli []byte
}

var assets, assetsHash = mustLoadAssets(static.FS)

// mustLoadAssets takes the styles, marks and modules (not the fonts, which only documents use). One hash over all of
// them stands in their address, so that a module can import its neighbour and every address may be cached for ever.
func mustLoadAssets(files fs.FS) (map[string]*asset, string) {
	all, sum := map[string]*asset{}, sha256.New()
	for _, pattern := range []string{"*.css", "*.js", "*.svg", "*.webmanifest"} {
		names, err := fs.Glob(files, pattern)
		if err != nil {
			panic(err)
		}
		for _, name := range names {
			text, err := fs.ReadFile(files, name)
			if err != nil {
				panic(err)
			}
			sum.Write([]byte(name))
			sum.Write(text)
			all[name] = &asset{
				kind:   mediaType(name),
				plain:  text,
				gzip:   fasthttp.AppendGzipBytesLevel(nil, text, fasthttp.CompressBestCompression),
				brotli: fasthttp.AppendBrotliBytesLevel(nil, text, fasthttp.CompressBrotliBestCompression),
			}
		}
	}
	return all, base64.RawURLEncoding.EncodeToString(sum.Sum(nil))[:10]
}

func mediaType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".webmanifest":
		return "application/manifest+json"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// Asset is the address of a file of web/static: Asset("live.js") is /static/3fQk…/live.js.
func Asset(name string) string {
	return "/static/" + assetsHash + "/" + name
}

// ServeAsset answers GET /static/:hash/:name from memory. A hash of another release is served too, but not kept.
func ServeAsset(c *fiber.Ctx) error {
	a := assets[c.Params("name")]
	if a == nil {
		return fiber.ErrNotFound
	}
	keep := "public, max-age=31536000, immutable"
	if c.Params("hash") != assetsHash {
		keep = "no-cache"
	}
	c.Set(fiber.HeaderCacheControl, keep)
	c.Set(fiber.HeaderContentType, a.kind)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	switch accepts := c.Request().Header.Peek(fiber.HeaderAcceptEncoding); {
	case bytes.Contains(accepts, []byte("br")):
		c.Set(fiber.HeaderContentEncoding, "br")
		return c.Send(a.brotli)
	case bytes.Contains(accepts, []byte("gzip")):
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(a.gzip)
	}
	return c.Send(a.plain)
}
