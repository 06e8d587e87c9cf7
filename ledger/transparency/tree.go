package transparency

import "strings"

// Tree is one of the two trees whose roots a checkpoint signs.
type Tree bool

// The trees: of the journal's entries, and of the papers that came to them.
const (
	Entries Tree = false
	Papers  Tree = true
)

func (t Tree) String() string {
	if t == Papers {
		return "papers"
	}
	return "entries"
}

var papersTables = strings.NewReplacer("transparency.leaf", "transparency.paper_leaf", "transparency.hash", "transparency.paper_hash")

// sql is a query, written for the entries, on the tree's own tables.
func (t Tree) sql(query string) string {
	if t == Papers {
		return papersTables.Replace(query)
	}
	return query
}
