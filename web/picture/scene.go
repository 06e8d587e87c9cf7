package picture

import (
	"slices"
	"sort"
)

// SceneNames are the small drawings a campaign can choose when it has no photograph, in a fixed order.
func SceneNames() []string {
	var names []string
	for n := range scenes {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Scene is the drawing of that name; an unknown name gets the ginkgo tree. Title is what a screen reader says.
func Scene(name, title string) Picture {
	make, ok := scenes[name]
	if !ok {
		make = scenes["tree"]
	}
	return Picture{Class: "pic", Title: title, W: 360, H: 150, Shapes: make()}
}

// Ground is the class of a scene's ground, for a room that is wider or higher than the scene.
func (p Picture) Ground() string {
	if r, ok := p.Shapes[0].(Rect); ok {
		return r.Class
	}
	return ""
}

var scenes = map[string]func() []Shape{
	"dinner": dinner, "chairs": chairs, "shelter": shelter, "book": book,
	"tea": tea, "lantern": lantern, "hands": hands, "tree": tree,
}

// Fills: f1 persimmon, f2 gold, f3 paper, f4 pine; bg and bg2 are the two grounds; l is an ink line.

func ground(class string) Shape { return Rect{class, 0, 0, 360, 150} }

// disc, box and shape are filled and then outlined.
func disc(fill string, x, y, r float64) []Shape {
	return []Shape{Circle{fill, x, y, r}, Circle{"l", x, y, r}}
}

func box(fill string, x, y, w, h float64) []Shape {
	return []Shape{Rect{fill, x, y, w, h}, Rect{"l", x, y, w, h}}
}

func shape(fill, d string) []Shape { return []Shape{draw(fill, d), draw("l", d)} }

func ink(d string) []Shape { return []Shape{draw("l", d)} }

// dinner is a round table seen from above, eight bowls and the dish in the middle.
func dinner() []Shape {
	out := slices.Concat([]Shape{ground("bg")}, disc("f3", 180, 75, 66), disc("f2", 180, 75, 24),
		ink("M168 75c4-6 8 6 12 0c4-6 8 6 12 0"))
	bowls := []struct {
		fill string
		x, y float64
	}{
		{"f1", 223, 93},
		{"f3", 198, 118},
		{"f4", 162, 118},
		{"f3", 137, 93},
		{"f1", 137, 57},
		{"f3", 162, 32},
		{"f2", 198, 32},
		{"f3", 223, 57},
	}
	for _, b := range bowls {
		out = append(out, disc(b.fill, b.x, b.y, 11)...)
	}
	for _, x := range []float64{68, 292} {
		out = append(out, disc("f3", x, 75, 22)...)
		out = append(out, Circle{"l", x, 75, 14})
	}
	return append(out, ink("M30 42V112M38 42V112M330 42V112M322 42V112")...)
}

// chairs is a row of them along a reading table with two books.
func chairs() []Shape {
	out := slices.Concat([]Shape{ground("bg2")}, ink("M20 130H340"))
	for i, fill := range []string{"f2", "f2", "f3", "f3", "f3"} {
		x := 44 + 58*float64(i)
		out = append(out, box(fill, x, 86, 36, 9)...)
		out = append(out, Line{"l", x + 3, 95, x + 3, 130}, Line{"l", x + 33, 95, x + 33, 130}, Line{"l", x + 3, 86, x + 3, 42},
			Line{"l", x + 3, 48, x + 13, 48}, Line{"l", x + 3, 62, x + 13, 62})
	}
	return slices.Concat(out, box("f1", 306, 34, 10, 52), box("f4", 318, 44, 9, 42), ink("M300 86H344"))
}

// shelter is a roof in the rain with a bicycle and a bench under it.
func shelter() []Shape {
	out := slices.Concat([]Shape{ground("bg")}, ink("M20 132H340M70 132V74M290 132V74"), shape("f4", "M44 76L180 34L316 76Z"))
	for i := range 9 {
		x, y := 40+36*float64(i), 12+7*float64(i%3)
		out = append(out, Line{"l", x, y, x - 5, y + 14})
	}
	return slices.Concat(out, []Shape{Circle{"l", 130, 116, 15}, Circle{"l", 178, 116, 15}},
		ink("M130 116l16-24h24l8 24M146 92l18 24M170 92l-3-9h9"), box("f2", 214, 104, 50, 7), ink("M220 111v21M258 111v21"))
}

// book is an open one, a pencil and a pile beside it.
func book() []Shape {
	return slices.Concat([]Shape{ground("bg2")}, ink("M20 130H340"),
		shape("f3", "M180 56C160 42 130 40 98 46V118C130 112 160 114 180 128Z"),
		shape("f3", "M180 56C200 42 230 40 262 46V118C230 112 200 114 180 128Z"),
		ink("M114 62c18-2 34-1 50 6M114 78c18-2 34-1 50 6M114 94c14-2 28-1 38 3M196 68c16-7 32-8 50-6M196 84c16-7 32-8 50-6M196 100c10-4 20-5 30-5"),
		shape("f1", "M228 36h14v40l-7-7l-7 7Z"),
		box("f4", 286, 114, 52, 16), box("f2", 292, 100, 42, 14), box("f1", 288, 88, 46, 12),
		shape("f2", "M28 124l34-62l10 6l-34 60l-12 6Z"), ink("M62 62l10 6M30 120l8 6"))
}

// tea is a lidded bowl on its saucer, a thermos and two small cups.
func tea() []Shape {
	return slices.Concat([]Shape{ground("bg")}, ink("M20 130H340"),
		shape("f3", "M134 66h92c0 30-16 52-36 54h-20c-20-2-36-24-36-54Z"),
		shape("f2", "M122 120h116c-6 8-14 10-24 10h-68c-10 0-18-2-24-10Z"),
		shape("f4", "M140 66c4-16 20-22 40-22c20 0 36 6 40 22Z"), disc("f1", 180, 39, 6),
		ink("M160 90c8-7 16 7 24 0c6-6 12-4 16 0"),
		ink("M166 24c-5-6 5-9 0-16M194 24c-5-6 5-9 0-16"),
		shape("f1", "M46 58c0-6 4-8 8-8h24c4 0 8 2 8 8V130H46Z"), box("f3", 54, 34, 24, 16), ink("M86 66h8c6 0 8 4 8 10v22c0 6-2 10-8 10h-8M46 84h40M46 112h40"),
		shape("f3", "M262 100h30l-4 30h-22Z"), shape("f3", "M304 100h30l-4 30h-22Z"), ink("M266 110h22M308 110h22"))
}

// lantern is three of them on a line, the middle one the largest.
func lantern() []Shape {
	out := slices.Concat([]Shape{ground("bg")}, ink("M14 14C90 34 270 34 346 14"))
	one := func(fill string, x, y, r float64) []Shape {
		return slices.Concat(
			[]Shape{Line{"l", x, y - r - 16, x, y - r}},
			disc(fill, x, y, r),
			[]Shape{Line{"l", x, y - r, x, y + r}, inner(x, y, r)},
			box("f2", x-r*0.42, y-r-5, r*0.84, 9), box("f2", x-r*0.42, y+r-4, r*0.84, 9),
			[]Shape{
				Line{"l", x - 6, y + r + 5, x - 6, y + r + 20},
				Line{"l", x, y + r + 5, x, y + r + 24},
				Line{"l", x + 6, y + r + 5, x + 6, y + r + 20},
			},
		)
	}
	return slices.Concat(out, one("f3", 76, 68, 27), one("f1", 180, 78, 36), one("f4", 284, 68, 27))
}

// inner is the ribs of a lantern.
func inner(x, y, r float64) Shape {
	s := Path{Class: "l"}
	for _, side := range []float64{-1, 1} {
		s.move(x+side*r*0.28, y-r*0.94)
		s.curve(x+side*r*0.72, y-r*0.4, x+side*r*0.72, y+r*0.4, x+side*r*0.28, y+r*0.94)
	}
	return s
}

// hands is two of them reaching for one another over a leaf.
func hands() []Shape {
	return slices.Concat([]Shape{ground("bg2")},
		shape("f1", "M14 66L66 56V122L14 112Z"), shape("f4", "M346 66L294 56V122L346 112Z"),
		shape("f3", "M66 64C92 56 118 60 142 72L176 84C186 88 182 100 172 98L150 94L168 104C176 110 170 118 162 116C134 116 98 118 66 112Z"),
		shape("f3", "M294 64C268 56 242 60 218 72L184 86C176 90 178 100 188 100L204 97L190 106C184 112 188 118 196 117C226 117 262 118 294 112Z"),
		ink("M122 92l28 2M232 92l-28 5"),
		shape("f2", "M180 62C160 58 150 46 152 28C164 22 176 26 180 38C184 26 196 22 208 28C210 46 200 58 180 62Z"), ink("M180 38V76"))
}

// tree is a ginkgo with a bench and fallen leaves.
func tree() []Shape {
	out := slices.Concat([]Shape{ground("bg2")}, ink("M20 130H340"),
		shape("f2", "M170 14C140 8 112 22 114 46C92 50 88 80 112 88C120 102 150 104 168 96C186 106 220 102 226 86C248 78 244 50 224 46C226 22 198 8 170 14Z"),
		shape("f3", "M162 130V96H176V130Z"), ink("M169 96V50M169 80L146 58M169 72L194 52M169 92L196 76"),
		box("f1", 252, 100, 62, 8), ink("M260 108v22M306 108v22M258 100V82H308V100"))
	for _, x := range []float64{44, 78, 122, 214} {
		out = append(out, petal(x, 122)...)
	}
	return out
}

// petal is a small fallen ginkgo leaf.
func petal(x, y float64) []Shape {
	s := Path{Class: "f2"}
	s.move(x, y+6)
	s.curve(x-12, y+2, x-12, y-8, x-2, y-9)
	s.line(x, y-4)
	s.line(x+2, y-9)
	s.curve(x+12, y-8, x+12, y+2, x, y+6)
	s.close()
	line := s
	line.Class = "l"
	return []Shape{s, line}
}
