package reconcile

// bySum matches a line with several items that add up to it, and an item with
// several lines, where exactly one way of adding up exists.
func (t *table) bySum() {
	itemsOn, linesOn := onDays(t.items), onDays(t.lines)
	for i, l := range t.lines {
		if l.taken {
			continue
		}
		if items := t.addUp(l, t.items, itemsOn); items != nil {
			t.add(Suggestion{Lines: []int{i}, Items: items, Because: []Because{{Code: "sum", N: len(items)}, t.daysBetween(i, items[0])}})
		}
	}
	for i, it := range t.items {
		if it.taken || it.clearing != "" {
			continue
		}
		if lines := t.addUp(it, t.lines, linesOn); lines != nil {
			t.add(Suggestion{Lines: lines, Items: []int{i}, Because: []Because{{Code: "sum", N: len(lines)}, t.daysBetween(lines[0], i)}})
		}
	}
}

func onDays(sides []side) map[int][]int {
	on := map[int][]int{}
	for i, s := range sides {
		if !s.taken && s.clearing == "" {
			on[s.day] = append(on[s.day], i)
		}
	}
	return on
}

// addUpOf is among how many candidates sums are tried: beyond it some sum fits
// by chance, and no sum says anything.
const addUpOf = 14

// addUp finds the one set of 2 to SumOf candidates of the same direction near
// the day that add up to the whole; nil if there is none, or more than one.
func (t *table) addUp(whole side, parts []side, on map[int][]int) []int {
	var near []int
	for d := 0; d <= t.SumDays; d++ {
		for _, day := range []int{whole.day - d, whole.day + d} {
			for _, i := range on[day] {
				p := parts[i]
				if !p.taken && (p.fen > 0) == (whole.fen > 0) && abs(p.fen) < abs(whole.fen) {
					near = append(near, i)
				}
			}
			if d == 0 {
				break
			}
		}
	}
	if len(near) < 2 || len(near) > addUpOf {
		return nil
	}
	var found, picked []int
	ways := 0
	var try func(from int, rest int64)
	try = func(from int, rest int64) {
		if rest == 0 && len(picked) > 1 {
			if ways++; ways == 1 {
				found = append([]int(nil), picked...)
			}
			return
		}
		if len(picked) == t.SumOf {
			return
		}
		for n := from; n < len(near) && ways < 2; n++ {
			if part := parts[near[n]].fen; abs(part) <= abs(rest) {
				picked = append(picked, near[n])
				try(n+1, rest-part)
				picked = picked[:len(picked)-1]
			}
		}
	}
	try(0, whole.fen)
	if ways != 1 {
		return nil
	}
	return found
}

func abs(fen int64) int64 { return max(fen, -fen) }
