package pdf

import (
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"sync"

	"fund/web/static"
)

// typeface is one embedded TrueType font. Its outlines stay in the binary; only the small tables are held in memory.
type typeface struct {
	file   io.ReaderAt
	tables map[string]table32
	glyph  [1 << 16]uint16 // by rune; 0 where the font has nothing
	width  []uint16        // by glyph, thousandths of the size
	loca   []uint32        // by glyph, start of its outline in glyf
}

type table32 struct{ at, size uint32 }

// typefaces opens both weights once: regular, bold.
var typefaces = sync.OnceValues(func() (faces [2]*typeface, err error) {
	for i, name := range []string{"fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf"} {
		if faces[i], err = openTypeface(static.FS, name); err != nil {
			return faces, fmt.Errorf("pdf: font %s: %w", name, err)
		}
	}
	return faces, nil
})

// lent lets a character the font lacks borrow the outline of another; what is copied from the page stays itself.
var lent = map[rune]rune{'−': '–', '‑': '-'}

func openTypeface(fsys fs.FS, name string) (*typeface, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	file, ok := f.(io.ReaderAt)
	if !ok {
		return nil, fmt.Errorf("cannot be read at an offset")
	}
	t := &typeface{file: file, tables: map[string]table32{}}
	head, err := t.read(0, 12)
	if err != nil {
		return nil, err
	}
	dir, err := t.read(12, 16*uint32(u16(head, 4)))
	if err != nil {
		return nil, err
	}
	for ; len(dir) > 0; dir = dir[16:] {
		t.tables[string(dir[:4])] = table32{u32(dir, 8), u32(dir, 12)}
	}
	if err := t.readMetrics(); err != nil {
		return nil, err
	}
	return t, t.readCharacters()
}

func (t *typeface) readMetrics() error {
	head, err := t.table("head")
	if err != nil {
		return err
	}
	if u16(head, 18) != 1000 || u16(head, 50) != 1 {
		return fmt.Errorf("want 1000 units to the em and long offsets")
	}
	loca, err := t.table("loca")
	if err != nil {
		return err
	}
	for ; len(loca) > 0; loca = loca[4:] {
		t.loca = append(t.loca, u32(loca, 0))
	}
	hhea, err := t.table("hhea")
	if err != nil {
		return err
	}
	hmtx, err := t.table("hmtx")
	if err != nil {
		return err
	}
	n := int(u16(hhea, 34))
	t.width = make([]uint16, len(t.loca)-1)
	for g := range t.width {
		t.width[g] = u16(hmtx, 4*min(g, n-1))
	}
	return nil
}

// readCharacters reads the map from characters to glyphs (cmap format 4, the Basic Multilingual Plane).
func (t *typeface) readCharacters() error {
	cmap, err := t.table("cmap")
	if err != nil {
		return err
	}
	for i := range int(u16(cmap, 2)) {
		sub := cmap[u32(cmap, 8+8*i):]
		if u16(sub, 0) != 4 {
			continue
		}
		n := int(u16(sub, 6)) / 2
		for s := range n {
			end, start := int(u16(sub, 14+2*s)), int(u16(sub, 16+2*n+2*s))
			delta, offset := u16(sub, 16+4*n+2*s), 16+6*n+2*s
			jump := int(u16(sub, offset))
			for r := start; r <= end && r < 0xFFFF; r++ {
				g := uint16(r) + delta
				if jump != 0 {
					if g = u16(sub, offset+jump+2*(r-start)); g != 0 {
						g += delta
					}
				}
				t.glyph[r] = g
			}
		}
		for r, like := range lent {
			if t.glyph[r] == 0 {
				t.glyph[r] = t.glyph[like]
			}
		}
		return nil
	}
	return fmt.Errorf("no character map of format 4")
}

func (t *typeface) has(r rune) bool { return r > 0 && int(r) < len(t.glyph) && t.glyph[r] != 0 }

// advance is the width of a character in thousandths of the size.
func (t *typeface) advance(r rune) float64 { return float64(t.width[t.glyph[r]]) }

// cut is a small font with just these characters, for one document. The drawing library parses a font on every use:
// 30 ms for the whole one, nothing to speak of for a page's worth.
func (t *typeface) cut(used map[rune]bool) ([]byte, error) {
	runes := make([]rune, 0, len(used))
	for r := range used {
		runes = append(runes, r)
	}
	slices.Sort(runes)
	glyphs := []uint16{0}
	for _, r := range runes {
		glyphs = append(glyphs, t.glyph[r])
	}
	var glyf, loca, hmtx []byte
	for i := 0; i < len(glyphs); i++ { // grows as composite glyphs ask for their parts
		outline, err := t.outline(glyphs[i])
		if err != nil {
			return nil, err
		}
		if len(outline) > 10 && int16(u16(outline, 0)) < 0 {
			glyphs = takeParts(outline, glyphs)
		}
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, outline...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		hmtx = binary.BigEndian.AppendUint16(hmtx, t.width[glyphs[i]])
		side := uint16(0)
		if len(outline) > 4 {
			side = u16(outline, 2) // xMin
		}
		hmtx = binary.BigEndian.AppendUint16(hmtx, side)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))

	out := map[string][]byte{
		"glyf": glyf, "loca": loca, "hmtx": hmtx, "cmap": characterMap(runes), "name": {0, 0, 0, 0, 0, 6},
	}
	for _, name := range []string{"head", "hhea", "maxp", "OS/2", "post", "gasp"} {
		b, err := t.table(name)
		if err != nil {
			return nil, err
		}
		out[name] = b
	}
	binary.BigEndian.PutUint16(out["hhea"][34:], uint16(len(glyphs)))
	binary.BigEndian.PutUint16(out["maxp"][4:], uint16(len(glyphs)))
	return assemble(out), nil
}

func (t *typeface) outline(g uint16) ([]byte, error) {
	return t.read(t.tables["glyf"].at+t.loca[g], t.loca[g+1]-t.loca[g])
}

// takeParts gives the parts of a composite outline their new numbers, appending parts not yet taken.
func takeParts(outline []byte, glyphs []uint16) []uint16 {
	const words, scale, more, scaleXY, matrix = 1, 1 << 3, 1 << 5, 1 << 6, 1 << 7
	for at := 10; ; {
		flags, part := u16(outline, at), u16(outline, at+2)
		n := slices.Index(glyphs[1:], part) + 1
		if n == 0 {
			n = len(glyphs)
			glyphs = append(glyphs, part)
		}
		binary.BigEndian.PutUint16(outline[at+2:], uint16(n))
		at += 6
		if flags&words != 0 {
			at += 2
		}
		switch {
		case flags&scale != 0:
			at += 2
		case flags&scaleXY != 0:
			at += 4
		case flags&matrix != 0:
			at += 8
		}
		if flags&more == 0 {
			return glyphs
		}
	}
}

// characterMap is a cmap of format 4 for runes numbered 1, 2, 3 … in their order.
func characterMap(runes []rune) []byte {
	var start, end, delta []uint16
	for i, r := range runes {
		if i > 0 && runes[i-1] == r-1 {
			end[len(end)-1] = uint16(r)
			continue
		}
		start, end, delta = append(start, uint16(r)), append(end, uint16(r)), append(delta, uint16(i+1)-uint16(r))
	}
	start, end, delta = append(start, 0xFFFF), append(end, 0xFFFF), append(delta, 1)
	n := len(start)
	b := words(0, 1, 3, 1, 0, 12, 4, uint16(16+8*n), 0, uint16(2*n), 0, 0, 0)
	b = append(b, words(end...)...)
	b = append(b, 0, 0)
	b = append(b, words(start...)...)
	b = append(b, words(delta...)...)
	return append(b, make([]byte, 2*n)...)
}

// assemble writes a font file. Checksums stay zero: the drawing library writes its own.
func assemble(tables map[string][]byte) []byte {
	names := make([]string, 0, len(tables))
	for n := range tables {
		names = append(names, n)
	}
	slices.Sort(names)
	out := words(1, 0, uint16(len(names)), 0, 0, 0)
	at := uint32(12 + 16*len(names))
	for _, n := range names {
		out = append(out, n...)
		out = binary.BigEndian.AppendUint32(out, 0)
		out = binary.BigEndian.AppendUint32(out, at)
		out = binary.BigEndian.AppendUint32(out, uint32(len(tables[n])))
		at += uint32(len(tables[n])+3) &^ 3
	}
	for _, n := range names {
		out = append(out, tables[n]...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out
}

func (t *typeface) table(name string) ([]byte, error) {
	d, ok := t.tables[name]
	if !ok {
		return nil, fmt.Errorf("no table %q", name)
	}
	return t.read(d.at, d.size)
}

func (t *typeface) read(at, size uint32) ([]byte, error) {
	b := make([]byte, size)
	_, err := t.file.ReadAt(b, int64(at))
	if err != nil && size > 0 {
		return nil, err
	}
	return b, nil
}

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }
func u32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }

func words(all ...uint16) []byte {
	var b []byte
	for _, w := range all {
		b = binary.BigEndian.AppendUint16(b, w)
	}
	return b
}
