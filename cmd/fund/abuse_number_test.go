package main

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"fund/ledger"
	"fund/web"
	"fund/web/auth"
)

// tooLarge are numbers, and numbers of vouchers, that read well and fit no column.
var tooLarge = []string{"2147483648", "9223372036854775807", "2017-9999999999", "99999-1"}

// surveyors may do all that the desk offers, between them.
var surveyors = []auth.Role{auth.Treasurer, auth.ProjectLead, auth.CouncilMember, auth.Administrator}

// survey is what the pages of the sample lead to: addresses that are there, and the forms as they stand.
type survey struct {
	*town
	routes    []web.Route
	staff     map[auth.Role]*browser
	addresses map[string][]string // by method and pattern
	asked     map[string][]string // the names of a page's questions, by pattern
	forms     map[string]standing
	site      *url.URL
	read      int
	answers   map[int]int
}

// standing is a form as a page shows it, with something in each field.
type standing struct {
	by     *browser
	path   string
	fields url.Values
}

// Every part of every address, every question and every field takes a number that no column holds without an error of ours.
func TestAbuseNumbersThatFitNothing(t *testing.T) {
	t.Parallel()
	db := sampled(t)
	base, e, a := serveSampleWith(t, db, siteOptions{}, func() {})
	angong, err := ledger.FindCommunity(t.Context(), e.app, "angong")
	if err != nil {
		t.Fatal(err)
	}
	s := &survey{
		town:  &town{T: t, Database: db, app: a, base: base, east: estate{Community: angong}},
		staff: map[auth.Role]*browser{}, addresses: map[string][]string{}, asked: map[string][]string{}, forms: map[string]standing{}, answers: map[int]int{},
	}
	s.site, err = url.Parse(base)
	s.must(err)
	for _, route := range a.site.Table() {
		if !strings.HasSuffix(route.Path, "/live") && !strings.HasPrefix(route.Path, "/static/") && route.Path != "/logout" {
			s.routes = append(s.routes, route)
		}
	}
	for _, role := range surveyors {
		s.staff[role] = s.town.staff(role, s.east)
	}
	s.walk()
	parts, questions, fields := s.parts(), s.questions(), s.fields()
	if parts < 1000 || questions < 200 || fields < 500 {
		t.Errorf("%d parts of addresses, %d questions, %d fields: this test sees nothing", parts, questions, fields)
	}
	t.Logf("%d pages, %d parts, %d questions, %d fields, %v", s.read, parts, questions, fields, s.answers)
}

// of is the route that answers an address.
func (s *survey) of(method, path string) (route web.Route, ok bool) {
	i := slices.IndexFunc(s.routes, func(r web.Route) bool {
		return r.Method == method && (r.Path == path || fiber.RoutePatternMatch(path, r.Path))
	})
	if i < 0 {
		return route, false
	}
	return s.routes[i], true
}

// by is somebody who may use a route.
func (s *survey) by(route web.Route) *browser {
	for _, role := range surveyors {
		if role.May(auth.Permission(route.Right)) {
			return s.staff[role]
		}
	}
	return s.staff[auth.Treasurer]
}

// walk reads one page or two of every route that pages lead to.
func (s *survey) walk() {
	queue := []string{"/", s.east.at(""), s.east.at("/desk")}
	for _, route := range s.routes {
		if path := strings.ReplaceAll(route.Path, ":community", s.east.Slug); route.Method == http.MethodGet && !strings.ContainsAny(path, ":*") {
			queue = append(queue, path)
		}
	}
	seen := map[string]bool{}
	for ; len(queue) > 0; queue = queue[1:] {
		u, err := url.Parse(strings.TrimPrefix(queue[0], s.base))
		if err != nil || u.Host != "" || !strings.HasPrefix(u.Path, "/") {
			continue
		}
		route, ok := s.of(http.MethodGet, u.Path)
		if !ok {
			continue
		}
		for name := range u.Query() {
			s.ask(route.Path, name)
		}
		if seen[u.Path] || len(s.addresses["GET "+route.Path]) >= 2 || strings.Contains(route.Path, ".") { // a file leads nowhere
			continue
		}
		seen[u.Path] = true
		b := s.by(route)
		got := b.get(u.Path)
		s.read++
		if got.StatusCode == http.StatusOK && strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
			s.addresses["GET "+route.Path] = append(s.addresses["GET "+route.Path], u.Path)
			queue = append(queue, s.take(b, u.Path, got.text)...)
		}
	}
}

func (s *survey) ask(pattern, name string) {
	if !slices.Contains(s.asked[pattern], name) {
		s.asked[pattern] = append(s.asked[pattern], name)
	}
}

// take takes from a page its forms, and tells where it leads.
func (s *survey) take(b *browser, at, text string) (links []string) {
	tree, err := html.Parse(strings.NewReader(text))
	s.must(err)
	for n := range tree.Descendants() {
		switch n.Data {
		case "a":
			links = append(links, attribute(n, "href"))
		case "form":
			s.keep(b, at, n)
		}
	}
	return links
}

// keep fills in a form: what stands in it, else the first of what there is to choose, else something; once a button.
func (s *survey) keep(b *browser, at string, form *html.Node) {
	path, fields, buttons := cmp.Or(attribute(form, "action"), at), url.Values{}, []*html.Node{}
	path, _, _ = strings.Cut(strings.TrimPrefix(path, s.base), "?")
	for n := range form.Descendants() {
		switch name := attribute(n, "name"); {
		case n.Data == "button":
			buttons = append(buttons, n)
		case name != "" && (fields.Get(name) == "" || has(n, "checked")):
			fields.Set(name, written(n))
		}
	}
	method := strings.ToUpper(cmp.Or(attribute(form, "method"), http.MethodGet))
	route, ok := s.of(method, path)
	if !ok {
		return
	}
	if method == http.MethodGet {
		for name := range fields {
			s.ask(route.Path, name)
		}
		return
	}
	s.addresses["POST "+route.Path] = append(s.addresses["POST "+route.Path], path)
	for _, n := range buttons {
		one, name, value := maps.Clone(fields), attribute(n, "name"), attribute(n, "value")
		if name != "" {
			one.Set(name, value)
		}
		if key := route.Path + " " + name + value; s.forms[key].by == nil {
			s.forms[key] = standing{b, path, one}
		}
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// written is what a field holds, or what somebody could put there.
func written(field *html.Node) string {
	value := attribute(field, "value")
	for n := range field.Descendants() {
		switch {
		case n.Type == html.TextNode && field.Data == "textarea":
			value += n.Data
		case n.Data == "option" && (value == "" || has(n, "selected")):
			value = attribute(n, "value")
		}
	}
	if attribute(field, "type") == "date" {
		return cmp.Or(value, time.Now().Format(time.DateOnly))
	}
	return cmp.Or(value, "1")
}

// parts tries each part of every address, beside others that are there where a page led to it.
func (s *survey) parts() (tries int) {
	for _, route := range s.routes {
		pattern, address := strings.Split(route.Path, "/"), strings.Split(s.known(route), "/")
		for i, part := range pattern {
			if !strings.Contains(part, ":") || part == ":community" {
				continue
			}
			for _, number := range tooLargeLike(address[i]) {
				changed := slices.Clone(address)
				changed[i] = parameter.ReplaceAllString(part, number)
				s.try(s.by(route), route.Method, strings.Join(changed, "/"), url.Values{})
				tries++
			}
		}
	}
	return tries
}

var parameter = regexp.MustCompile(`:[a-z]+`)

// known is an address of a route: one that a page leads to, or one that nobody knows.
func (s *survey) known(route web.Route) string {
	if known := s.addresses[route.Method+" "+route.Path]; len(known) > 0 {
		return known[0]
	}
	return parameter.ReplaceAllString(strings.NewReplacer(":community", s.east.Slug, ":voucher", "2017-1", ":minutes", "2017-1").Replace(route.Path), "1")
}

// questions tries each name that stands behind the question mark of a page.
func (s *survey) questions() (tries int) {
	for _, route := range s.routes {
		for _, name := range s.asked[route.Path] {
			for _, number := range tooLarge[:3] {
				s.try(s.by(route), http.MethodGet, s.known(route)+"?"+url.Values{name: {number}}.Encode(), nil)
				tries++
			}
		}
	}
	return tries
}

// fields tries each field of each form beside what stands in the others.
func (s *survey) fields() (tries int) {
	for _, key := range slices.Sorted(maps.Keys(s.forms)) {
		form := s.forms[key]
		rows := map[string]bool{} // a field of another row is read as that of the first
		for _, name := range slices.Sorted(maps.Keys(form.fields)) {
			row := digits.ReplaceAllString(name, "#")
			if rows[row] {
				continue
			}
			rows[row] = true
			changed := maps.Clone(form.fields)
			changed.Set(name, tooLargeLike(changed.Get(name))[0])
			s.try(form.by, http.MethodPost, form.path, changed)
			tries++
		}
	}
	return tries
}

// tooLargeLike are those of them that can stand in a value's place: what reads two numbers finds none in one.
func tooLargeLike(value string) []string {
	if twoNumbers.MatchString(value) {
		return tooLarge[2:]
	}
	return tooLarge[:2]
}

var digits = regexp.MustCompile(`\d+`)

var twoNumbers = regexp.MustCompile(`^\d+-\d+$`)

// try sends one request; a form carries the token of its browser.
func (s *survey) try(b *browser, method, path string, fields url.Values) {
	if s.answers[0]++; s.answers[0]%10 == 0 { // so that limits do not answer for the handlers
		_, _ = s.Owner.Exec(`DELETE FROM auth.rate_limit`)
	}
	for _, cookie := range b.client.Jar.Cookies(s.site) {
		if cookie.Name == "form" && method == http.MethodPost {
			fields.Set("csrf", cookie.Value)
		}
	}
	got := b.send(method, path, fields.Encode())
	if got.StatusCode >= http.StatusInternalServerError {
		s.Errorf("%s %s %s: %d", method, path, fields.Encode(), got.StatusCode)
	}
	s.answers[got.StatusCode]++
}
