package journalfile_test

import (
	"fmt"
	"strings"
	"testing"

	"fund/ledger"
	"fund/ledger/journalfile"
)

func tables() (ledger.Accounts, []ledger.Fund) {
	chart, _ := ledger.Chart("npo-2026")
	return chart, []ledger.Fund{{ID: 1, Code: "general", NameZH: "通用款"}, {ID: 2, Code: "clinic", NameZH: "义诊", Restricted: true}}
}

func TestReadOpening(t *testing.T) {
	t.Parallel()
	chart, funds := tables()
	for name, text := range map[string]string{
		"two sides": "科目编码,科目名称,资金用途,期末借方,期末贷方\n1002,银行存款,,\"1,500.00\",\n1002,银行存款,义诊,80,\n1502,累计折旧,,,120.50\n2209,其他应付款,,,0.00\n,合计,,1580,120.50\n",
		"a balance": "科目\t基金\t余额\n1002 银行存款\tgeneral\t1500\n银行存款\tclinic\t80\n1502\t\t-120.50\n资产总计\t\t1459.5\n",
	} {
		postings, problems := journalfile.ReadOpening("期初.csv", []byte(text), chart, funds)
		var got []string
		for _, p := range postings {
			a, _ := chart.ID(p.Account)
			got = append(got, fmt.Sprintf("%s/%d %v", a.Code, p.Fund, p.Amount))
		}
		if want := "1002/1 1500.00, 1002/2 80.00, 1502/1 -120.50"; strings.Join(got, ", ") != want || len(problems) > 0 {
			t.Errorf("%s: %v (%v), want %s", name, got, problems, want)
		}
	}
	for text, want := range map[string]string{
		"科目,借方,贷方\n9999,1,\n":          "没有这个科目",
		"科目,借方,贷方\n1002,一百,\n":         "",
		"科目,资金,借方,贷方\n1002,别的,1,\n":    "没有这种资金",
		"科目,借方,贷方\n5301,1,\n":          "没有收入和费用",
		"姓名,电话\n王,1\n":                 "找不到表头",
		"科目,借方余额,贷方余额\n,1,\n1002,1,\n": "缺科目",
	} {
		_, problems := journalfile.ReadOpening("期初.csv", []byte(text), chart, funds)
		if len(problems) == 0 || !strings.Contains(problems[0].Text.ZH, want) {
			t.Errorf("%q: %v, want %q", text, problems, want)
		}
	}
}

func TestReadBudget(t *testing.T) {
	t.Parallel()
	chart, _ := tables()
	text := "科目,全年预算,1月,2月,3月\n业务活动成本,1200,,,\n5301 管理费用,,100,200,0\n4501,300,100,100,100\n费用合计,1500,,,\n"
	lines, problems := journalfile.ReadBudget("预算.csv", []byte(text), chart)
	var got []string
	for _, l := range lines {
		a, _ := chart.ID(l.Account)
		got = append(got, fmt.Sprintf("%s %v %d", a.Code, l.Amount, len(l.Months)))
	}
	if want := "5101 1200.00 0, 5301 300.00 12, 4501 300.00 12"; strings.Join(got, ", ") != want || len(problems) > 0 {
		t.Errorf("%v (%v), want %s", got, problems, want)
	}
	for text, want := range map[string]string{
		"科目,预算,1月\n5301,100,90\n":   "对不上",
		"科目,预算\n1002,100\n":         "只给收入和费用",
		"科目,预算\n5301,1\n管理费用,2\n":   "两次",
		"account,amount\n5301,-5\n": "正数",
	} {
		if _, problems := journalfile.ReadBudget("预算.csv", []byte(text), chart); len(problems) == 0 || !strings.Contains(problems[0].Text.ZH, want) {
			t.Errorf("%q: %v, want %q", text, problems, want)
		}
	}
}
