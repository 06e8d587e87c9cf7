package picture

import (
	"slices"

	"fund/ledger/money"
)

// Channels shows money running from its sources through the funds to what it was used for: three columns of nodes, and a
// ribbon for each way it took. Every node and ribbon opens what it is made of. On a phone, a list with bars replaces it.
type Channels struct {
	Title   string
	Columns [3][]ChannelNode
	Ways    []Way
}

// ChannelNode is a source, a fund or a use. It is as high as what runs through it.
type ChannelNode struct {
	Name, Href string
	Class      string       // "c-in", "c-held", "c-out", "c-pine"
	Kept       money.Amount // the part of a use that is still there
}

// Way is money that ran from a node of a column (0 or 1) to one of the next.
type Way struct {
	Column, From, To int
	Amount           money.Amount
	Held             bool // restricted: ruled, else solid
	Href, Title      string
}

const (
	channelWidth = 1100
	channelLeft  = 216 // where the first column stands
	channelRight = 840 // and the last
)

// Picture draws the nodes in the order given and the ribbons behind them, all on one scale.
func (c Channels) Picture() Picture {
	most := 0
	for _, column := range c.Columns {
		most = max(most, len(column))
	}
	p := Picture{Class: "chart channels", Title: c.Title, W: channelWidth, H: max(420, flowEnd*float64(most)), Links: true}
	nodes := c.lay(p.H)
	x := [3]float64{channelLeft, (channelLeft + channelRight) / 2, channelRight}
	for _, w := range c.sorted() {
		from, to := &nodes[w.Column][w.From], &nodes[w.Column+1][w.To]
		h := from.scale * size(w.Amount)
		class := "c-flow"
		if w.Held {
			class = "c-flow-held"
		}
		ribbon := band(class, x[w.Column]+flowNode, from.y+from.out, x[w.Column+1], to.y+to.in, max(h, 0.8))
		from.out, to.in = from.out+h, to.in+h
		p.Shapes = append(p.Shapes, Link{w.Href, w.Title, []Shape{ribbon}})
	}
	for i, column := range nodes {
		for j, n := range column {
			p.Shapes = append(p.Shapes, c.Columns[i][j].draw(n, x[i], i))
		}
	}
	return p
}

// laid is a node in its place.
type laid struct {
	sum     money.Amount
	y, h    float64
	in, out float64 // how far ribbons have been laid on each side
	scale   float64
}

// lay finds the scale at which each column has room for its words, and stacks the nodes.
func (c Channels) lay(height float64) (nodes [3][]laid) {
	scale := -1.0
	var ends [3][]FlowEnd
	for i, column := range c.Columns {
		for j := range column {
			ends[i] = append(ends[i], FlowEnd{Free: c.through(i, j)})
		}
		if fits := fit(ends[i], height); len(column) > 0 && (scale < 0 || fits < scale) {
			scale = fits
		}
	}
	for i, column := range ends {
		for j, y := range stack(column, height, scale) {
			sum := column[j].Free
			nodes[i] = append(nodes[i], laid{sum: sum, y: y, h: scale * size(sum), scale: scale})
		}
	}
	return nodes
}

// through is what runs through a node.
func (c Channels) through(column, node int) (sum money.Amount) {
	for _, w := range c.Ways {
		if w.Column == min(column, 1) && (column < 2 && w.From == node || column == 2 && w.To == node) {
			sum = sum.Add(w.Amount)
		}
	}
	return sum
}

// sorted are the ways so that ribbons at a node lie in the order of the nodes on their other side.
func (c Channels) sorted() []Way {
	ways := slices.Clone(c.Ways)
	slices.SortStableFunc(ways, func(a, b Way) int {
		switch {
		case a.Column != b.Column:
			return a.Column - b.Column
		case a.From != b.From:
			return a.From - b.From
		}
		return a.To - b.To
	})
	return ways
}

// draw is the node with its name and amount beside it: outside for the first and last column, over the ribbons between.
func (n ChannelNode) draw(at laid, x float64, column int) Shape {
	anchor, textX := Start, x+flowNode+10
	if column == 0 {
		anchor, textX = End, x-10
	}
	name := clip(n.Name, 18, channelLeft-20)
	if column == 2 {
		name = clip(n.Name, 18, channelWidth-channelRight-flowNode-14)
	}
	shapes := []Shape{Rect{n.Class, x, at.y, flowNode, max(1, at.h)}}
	if kept := at.scale * size(n.Kept); kept > 0 {
		shapes = append(shapes, Rect{"c-pine", x, at.y + at.h - kept, flowNode, kept})
	}
	mid := at.y + at.h/2
	shapes = append(shapes, Text{"", textX, mid - 2, 18, anchor, name}, Text{"soft", textX, mid + 17, 17, anchor, at.sum.Format()})
	return Link{n.Href, n.Name + " " + at.sum.Format(), shapes}
}

// clip cuts a text that is wider than its room.
func clip(s string, font, room float64) string {
	letters := []rune(s)
	for wide(string(letters), font) > room && len(letters) > 1 {
		letters = append(letters[:len(letters)-2], '…')
	}
	return string(letters)
}
