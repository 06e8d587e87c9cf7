package desk_test

import (
	"strings"
	"testing"
	"time"

	"fund/web/auth"
)

const venturesPath = "/c/angong/desk/ventures"

// A tea house from its opening to the month's surplus that the community gets.
func TestATeaHouseEarns(t *testing.T) {
	t.Parallel()
	h := open(t)
	treasurer, cashier := h.as(t, auth.Treasurer), h.as(t, auth.Cashier)
	fresh := venturesPath + "/new"
	wantIn(t, "nothing written", treasurer.post(fresh, treasurer.form(fresh)).Body, "名字：这里要填")
	wantIn(t, "a bad address", treasurer.post(fresh, treasurer.form(fresh, "name_zh", "公益茶坊", "slug", "茶坊")).Body, "用小写字母、数字和 -")
	at := venturesPath + "/tea-house"
	wantAt(t, treasurer.post(fresh, treasurer.form(fresh, "name_zh", "公益茶坊", "slug", "tea-house")), at)
	wantIn(t, "the same address", treasurer.post(fresh, treasurer.form(fresh, "name_zh", "茶坊二", "slug", "tea-house")).Body, "这个名字有人用了")

	now := h.Day(time.Now())
	before := now.AddDate(0, 0, -now.Day()) // the last day of last month
	day, month := before.Format(time.DateOnly), before.Format("2006-01")
	take := func(pairs ...string) answer {
		return cashier.post(at+"/takings", cashier.form(at, append([]string{"day", day}, pairs...)...))
	}
	wantIn(t, "nothing taken", take().Body, "四样里至少写一样")
	wantIn(t, "taken", take("cash", "300", "wechat", "86.50").Body, "¥386.50 记下了")
	costs := salesPath + "/1/costs"
	wantIn(t, "a cost of nothing", treasurer.post(costs, treasurer.form(at, "kind", "stock", "what", "", "amount", "120", "spent_on", day, "way", "cash")).Body, "花在什么上：这里要填", "记一天的营业款")
	spend := treasurer.post(costs, treasurer.form(at, "kind", "stock", "what", "茶叶", "amount", "120", "spent_on", day, "way", "cash"))
	wantAt(t, spend, at)
	wantIn(t, "spent", spend.Body, "“茶叶”记好了", "266.50")
	wantAt(t, treasurer.get(salesPath+"/1"), at)
	wantIn(t, "one list", treasurer.get(salesPath).Body, "公益茶坊", at+`"`, "现金在谁手里", "新办一场义卖", "新开一个项目")
	pass := func(amount, where string) answer {
		return treasurer.post(at+"/surplus", treasurer.form(at, "month", month, "surplus", amount, "account", where))
	}
	wantIn(t, "more than is left", pass("266.51", "cash").Body, "那个月还剩 ¥266.50")
	wantIn(t, "money that is elsewhere", pass("200", "cash").Body, "它在这里的钱不够")
	wantIn(t, "passed on", pass("180", "cash").Body, "¥180.00 交给社区基金了")

	public := h.visitor(t).get("/c/angong/ventures/tea-house").Body
	wantIn(t, "the public page", public, "公益茶坊", "386.50", "120.00", "¥266.50", "¥180.00", "不是捐款")
	wantNot(t, "the public page", public, "王cashier")
	wantIn(t, "the list", h.visitor(t).get("/c/angong/ventures").Body, "公益茶坊", "¥266.50")
	if got := h.audited(t); !strings.Contains(got, "venture.pass_on") || !strings.Contains(got, "venture.take venture:tea-house") {
		t.Errorf("audit log: %s", got)
	}
}

// Cash of a tea house goes to the bank under a slip of its own; what lies elsewhere does not.
func TestATeaHousesCashGoesToTheBank(t *testing.T) {
	t.Parallel()
	h := open(t)
	treasurer := h.as(t, auth.Treasurer)
	fresh, at, day := venturesPath+"/new", venturesPath+"/tea-house", h.Day(time.Now()).Format(time.DateOnly)
	treasurer.post(fresh, treasurer.form(fresh, "name_zh", "公益茶坊", "slug", "tea-house"))
	treasurer.post(at+"/takings", treasurer.form(at, "day", day, "cash", "300"))
	safe := treasurer.get(depositsPath).Body
	wantIn(t, "the safe", safe, "保险柜里有 ¥300.00", "现金在哪里")
	fund := get[string](t, h, `SELECT 'fund' || id FROM ledger.fund WHERE code = 'tea-house'`)
	bank := func(pairs ...string) answer {
		return treasurer.post(depositsPath, treasurer.form(depositsPath, append([]string{"slip", "B-1", "day", day}, pairs...)...))
	}
	wantIn(t, "more than there is", bank(fund, "301", "amount", "301").Body, "保险柜里只有 ¥300.00")
	wantIn(t, "banked", bank(fund, "280", "amount", "280").Body, "¥280.00 存进去了", "保险柜里有 ¥20.00")
	wantIn(t, "the same slip", bank(fund, "20", "amount", "20").Body, "凭条号")
}
