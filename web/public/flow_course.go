package public

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/web/issue"
	"fund/web/picture"
)

// course lays channels out as three columns of nodes, and the ways between them: sources, funds, uses. What runs into a fund
// is what runs out of it.
type course struct {
	books
	period   string
	projects map[int]project.Project // by fund
	funds    map[int]report.FundLine
	fed      map[int]bool         // funds of projects: what others give them runs straight to the project
	own      map[int]money.Amount // what such a fund has of its own for its project
	nodes    [3]map[string]*node
	ways     []way
}

// node is a source, a fund or a use, by its key within the column.
type node struct {
	key, name, link, class string
	last                   bool // stands behind the others, however large
	kept, sum              money.Amount
}

// way is money from a node of a column to one of the next, with the entries it is made of.
type way struct {
	column   int
	from, to string
	amount   money.Amount
	held     bool
	link     string
}

func (b books) course(period string, all report.Channels) (*course, error) {
	c := &course{books: b, period: period, projects: map[int]project.Project{}, funds: map[int]report.FundLine{}, fed: map[int]bool{}, own: map[int]money.Amount{}}
	for i := range c.nodes {
		c.nodes[i] = map[string]*node{}
	}
	projects, err := project.ListProjects(b, b.q, b.ID, project.Filter{})
	if err != nil {
		return nil, err
	}
	for _, p := range projects {
		c.projects[p.FundID] = p
	}
	accounts, err := ledger.ListAccounts(b, b.q, b.ID)
	if err != nil {
		return nil, err
	}
	c.findFed(all)
	for _, x := range all.In {
		c.entered(x)
	}
	for _, x := range all.Out {
		c.spent(x)
	}
	c.passed(all, issue.Codes(accounts, all.Accounts))
	return c, nil
}

// findFed finds the funds of projects that give no more away than they earned or had.
func (c *course) findFed(all report.Channels) {
	for _, f := range all.Funds {
		c.funds[f.FundID] = f
		if _, ok := c.projects[f.FundID]; ok {
			c.own[f.FundID] = f.In.Add(positive(f.Opening.Sub(f.Closing)))
		}
	}
	for _, p := range all.Passed {
		if own, ok := c.own[p.From]; ok {
			c.own[p.From] = own.Sub(p.Amount)
		}
	}
	for fund, own := range c.own {
		c.fed[fund], c.own[fund] = own.Sign() >= 0, money.Zero
	}
}

func positive(a money.Amount) money.Amount {
	if a.Sign() < 0 {
		return money.Zero
	}
	return a
}

// entered lays an account's income into a fund; what was given back is a use.
func (c *course) entered(x report.Channel) {
	link := c.entries("account", x.Account.Code, "fund", c.funds[x.Fund].Code)
	if x.Amount.Sign() > 0 {
		c.in(c.accountNode(x.Account, "c-in"), x.Fund, x.Amount, link)
		return
	}
	c.out(x.Fund, c.named("back", "c-out"), x.Amount.Neg(), link)
}

// spent lays what a fund paid; a project's fund pays for its project.
func (c *course) spent(x report.Channel) {
	link := c.entries("account", x.Account.Code, "fund", c.funds[x.Fund].Code)
	switch _, project := c.projects[x.Fund]; {
	case x.Amount.Sign() < 0 && !c.fed[x.Fund]:
		c.in(c.accountNode(x.Account, "c-in"), x.Fund, x.Amount.Neg(), link)
	case c.fed[x.Fund]: // stands in the project's node
	case project:
		c.out(x.Fund, c.projectNode(x.Fund), x.Amount, link)
	default:
		c.out(x.Fund, c.accountNode(x.Account, "c-out"), x.Amount, link)
	}
}

// passed lays what funds gave each other, what was adjusted, and what stood before or is left.
func (c *course) passed(all report.Channels, through string) {
	adjusted := map[int]money.Amount{}
	for _, f := range all.Funds {
		adjusted[f.FundID] = f.Transfers
	}
	for _, p := range all.Passed {
		adjusted[p.From], adjusted[p.To] = adjusted[p.From].Add(p.Amount), adjusted[p.To].Sub(p.Amount)
		link := c.entries("account", through, "fund", c.funds[p.To].Code)
		if c.fed[p.To] && !c.fed[p.From] {
			c.out(p.From, c.projectNode(p.To), p.Amount, link)
			continue
		}
		c.out(p.From, c.named("pass", "c-out"), p.Amount, c.entries("account", through, "fund", c.funds[p.From].Code))
		c.in(c.named("pass", "c-in"), p.To, p.Amount, link)
	}
	for _, f := range all.Funds {
		link := c.entries("account", through, "fund", f.Code)
		c.in(c.named("adjusted", "c-in"), f.FundID, positive(adjusted[f.FundID]), link)
		c.out(f.FundID, c.named("adjusted", "c-out"), positive(adjusted[f.FundID].Neg()), link)
		left := f.Closing.Sub(f.Opening)
		c.in(c.named("before", "c-in"), f.FundID, positive(left.Neg()), c.entries("fund", f.Code))
		if !c.fed[f.FundID] {
			c.out(f.FundID, c.named("kept", "c-pine"), positive(left), c.entries("fund", f.Code))
			continue
		}
		if own := c.own[f.FundID]; own.Sign() > 0 {
			c.lay(1, c.fundNode(f.FundID), c.projectNode(f.FundID), own, f.Restricted, c.entries("fund", f.Code))
		}
		if n := c.nodes[2][fmt.Sprint("project:", f.FundID)]; n != nil {
			n.kept = money.Min(positive(left), n.sum)
		}
	}
}

func (c *course) in(from node, fund int, amount money.Amount, link string) {
	if amount.Sign() > 0 {
		c.lay(0, from, c.fundNode(fund), amount, c.funds[fund].Restricted, link)
		c.own[fund] = c.own[fund].Add(amount)
	}
}

func (c *course) out(fund int, to node, amount money.Amount, link string) {
	if amount.Sign() > 0 {
		c.lay(1, c.fundNode(fund), to, amount, c.funds[fund].Restricted, link)
		c.own[fund] = c.own[fund].Sub(amount)
	}
}

// lay adds a way, and what it carries to the nodes: to a fund where it comes in, else where it begins or ends.
func (c *course) lay(column int, from, to node, amount money.Amount, held bool, link string) {
	for i, n := range []node{from, to} {
		if c.nodes[column+i][n.key] == nil {
			c.nodes[column+i][n.key] = &n
		}
	}
	end := c.nodes[0][from.key]
	if column == 1 {
		end = c.nodes[2][to.key]
	} else {
		fund := c.nodes[1][to.key]
		fund.sum = fund.sum.Add(amount)
	}
	end.sum = end.sum.Add(amount)
	c.ways = append(c.ways, way{column, from.key, to.key, amount, held, link})
}

// entries is the ledger of the period, narrowed.
func (c *course) entries(pairs ...string) string {
	return c.below("/ledger", append(pairs, "month", c.period)...)
}

func (c *course) accountNode(a ledger.Account, class string) node {
	return node{key: a.Code, name: a.Name(string(c.r.Lang)), link: c.entries("account", a.Code), class: class}
}

// named is a node that no account or fund stands for; it opens the statement that has it.
func (c *course) named(key, class string) node {
	first, last, _ := strings.Cut(c.period, "_")
	if last == "" {
		last = first
	}
	if len(first) == len("2006") {
		first, last = first+"-01", last+"-12"
	}
	return node{key: key, name: c.r.T("flow.node." + key), link: c.below("/reports/statements", "from", first, "to", last) + "#funds", class: class, last: true}
}

func (c *course) fundNode(id int) node {
	f := c.funds[id]
	class := "c-in"
	if f.Restricted {
		class = "c-held"
	}
	return node{key: fmt.Sprint("fund:", id), name: f.Name(string(c.r.Lang)), link: c.entries("fund", f.Code), class: class}
}

func (c *course) projectNode(fund int) node {
	p := c.projects[fund]
	return node{key: fmt.Sprint("project:", fund), name: p.Title(string(c.r.Lang)), link: c.r.URL("/projects/" + p.Slug), class: "c-out"}
}

// shownMost is how many nodes a column shows; the rest are one.
var shownMost = [3]int{9, 9, 12}

// show fills in the picture, the bars and the rows.
func (c *course) show(v *channelsView) {
	drawing := picture.Channels{Title: c.r.T("flow.picture", "period", c.periodName(v))}
	at, most := [3]map[string]int{}, money.Zero
	for i := range c.nodes {
		at[i] = map[string]int{}
		for _, n := range c.shown(i) {
			for _, key := range strings.Split(n.key, "\x00") {
				at[i][key] = len(drawing.Columns[i])
			}
			drawing.Columns[i] = append(drawing.Columns[i], picture.ChannelNode{Name: n.name, Href: n.link, Class: n.class, Kept: n.kept})
			v.Columns[i] = append(v.Columns[i], channelRow{flowRow{Name: n.name, Link: n.link, Amount: n.sum}, n.kept})
			if n.sum.Cmp(most) > 0 {
				most = n.sum
			}
		}
	}
	for i := range v.Columns {
		for j := range v.Columns[i] {
			v.Columns[i][j].Bar = thinBar(report.Columns{Free: v.Columns[i][j].Amount}, most)
		}
	}
	drawing.Ways = append(drawing.Ways, c.together(at)...)
	for _, w := range c.ways {
		if w.column == 0 {
			v.Sum = v.Sum.Add(w.amount)
		}
		v.Ways = append(v.Ways, wayRow{c.nodes[w.column][w.from].name, c.nodes[w.column+1][w.to].name, w.amount, w.link})
	}
	v.Wide = drawing.Picture().SVG()
}

// shown are a column's nodes, the largest first, and the small ones as one.
func (c *course) shown(column int) []node {
	all := slices.SortedFunc(maps.Values(c.nodes[column]), func(a, b *node) int {
		if a.last != b.last {
			return map[bool]int{true: 1, false: -1}[a.last]
		}
		return max(-1, min(1, b.sum.Cmp(a.sum)*2+strings.Compare(a.key, b.key)))
	})
	var large, last, small []node
	for _, n := range all {
		switch {
		case n.last:
			last = append(last, *n)
		case len(large) < shownMost[column]:
			large = append(large, *n)
		default:
			small = append(small, *n)
		}
	}
	if len(small) == 1 {
		return slices.Concat(large, small, last)
	}
	if len(small) > 1 {
		rest := node{name: c.r.T("flow.rest", "count", len(small)), link: "#ways", class: small[0].class}
		var keys []string
		for _, n := range small {
			keys, rest.sum, rest.kept = append(keys, n.key), rest.sum.Add(n.sum), rest.kept.Add(n.kept)
		}
		rest.key = strings.Join(keys, "\x00")
		large = append(large, rest)
	}
	return append(large, last...)
}

// together are the ways between the nodes that are shown; of several as one, the table below has each.
func (c *course) together(at [3]map[string]int) []picture.Way {
	sums, order := map[[3]int]picture.Way{}, [][3]int{}
	for _, w := range c.ways {
		key := [3]int{w.column, at[w.column][w.from], at[w.column+1][w.to]}
		sum, known := sums[key]
		if !known {
			sum, order = picture.Way{Column: w.column, From: key[1], To: key[2], Held: w.held, Href: w.link}, append(order, key)
		} else if sum.Href != w.link {
			sum.Href = "#ways"
		}
		sum.Amount, sum.Held = sum.Amount.Add(w.amount), sum.Held && w.held
		sums[key] = sum
	}
	ways := make([]picture.Way, len(order))
	for i, key := range order {
		ways[i] = sums[key]
		ways[i].Title = c.r.T("flow.way", "amount", ways[i].Amount.Yuan())
	}
	return ways
}

// periodName is the period in words.
func (c *course) periodName(v *channelsView) string {
	for _, o := range v.Periods {
		if o.Value == v.Period {
			return o.Label
		}
	}
	return v.Period
}
