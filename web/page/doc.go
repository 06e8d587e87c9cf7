// Package page prints pages and reads forms, and is the one place that turns an error into a response.
//
// It never decides anything: not about money, not about rights. It never reads a database, and it marks nothing as safe
// HTML that a person has written, except prose that went through markdown and its policy.
//
// # How to add a page
//
// 1. Write web/page/templates/public/campaign.html. The folder chooses the layout (public, desk; anything else is bare).
//
//	{{define "title"}}{{.Title}}{{end}}
//	{{define "more"}}<script type="module" src="{{asset "live.js"}}"></script>{{end}}   (only if there is more for the head)
//	{{define "main"}}
//	<h1>{{.Title}}</h1>
//	<p>{{T "give.raised"}} <b class="num">{{yuan .Raised}}</b> {{T "give.givers" "count" .Givers}}</p>
//	{{progress .Raised .Goal .Restricted (T "give.share" "share" (percent .Raised .Goal))}}
//	<a href="{{url "/campaigns" .Slug}}">{{in .Name}}</a>
//	{{template "mends" .Form}}
//	<form method="post" class="sheet">{{csrf}}
//	{{template "money" (.Form.Field "amount" "hint" "give.amount_hint")}}
//	{{template "choices" (.Form.Field "pay" | options .Ways)}}
//	<button class="btn main big wide">{{T "give.next"}}</button></form>
//	{{end}}
//
// The dot is the data given to Render; reader is who reads (reader.Lang, reader.Community, reader.User). The functions
// stand in funcs.go, the parts for fields in templates/part/form.html.
//
// 2. Write its messages into web/i18n/zh-CN/public.toml and web/i18n/en/public.toml; a field's label is field.<name>.
//
// 3. Write the handler, and a line for it in web/routes.go.
//
//	func (p *Pages) Campaign(c *fiber.Ctx) error {
//		return page.Cached(c, "public/campaign", func() (any, error) {
//			found, err := campaigns.Find(c.UserContext(), p.DB, page.Of(c).Community.ID, c.Params("slug"))
//			return campaignView{Campaign: found, Form: page.BlankForm(c)}, err
//		})
//	}
//
//	func (p *Pages) Give(c *fiber.Ctx) error {
//		f := page.ReadForm(c)
//		gift := campaigns.Gift{Amount: f.Amount("amount"), Pay: f.Choice("pay", ways), Name: f.Text("name", 40, page.Optional)}
//		if f.AnyWrong() {
//			return page.Again(c, "public/campaign", campaignView{…, Form: f}) // 422, what was typed is kept
//		}
//		donation, err := campaigns.StartDonation(c.UserContext(), p.DB, gift)
//		if err != nil {
//			return err // Fail knows what it means
//		}
//		return page.Done(c, "/campaigns/"+slug, "give.started") // or c.Redirect to the checkout
//	}
//
// Give the form's POST the address of its page, or one that answers GET too: a reader may switch to 大字 on a page that
// came back from a POST, and that is a GET of the same address.
//
// 4. Say what the domain's refusals mean, once, in an init of the handlers' package; the messages are <key>.title and
// <key>.text in errors.toml.
//
//	page.Meaning(campaigns.ErrEnded, 409, "error.campaign_ended")
//
// # What a page costs
//
// Cached keeps a page for everybody who reads in the same way until something of its community changes: call
// Site.Cache.Bump after each commit, and for each NOTIFY from another process. A form's token is filled in per reader, so
// a page with a form is kept too. Render is for what one reader alone may see.
//
// Stream answers with server-sent events; Site.Streams.Publish sends figures to all who listen, and live.js puts them in
// their places.
package page
