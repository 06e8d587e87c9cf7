-- +goose Up

-- The codes that lie on a till's table: what a buyer's telephone reads to pay the community.
ALTER TABLE sale.setting
  ADD COLUMN wechat_code text NOT NULL DEFAULT '' CONSTRAINT setting_wechat_code_form CHECK (length(wechat_code) <= 300),
  ADD COLUMN alipay_code text NOT NULL DEFAULT '' CONSTRAINT setting_alipay_code_form CHECK (length(alipay_code) <= 300);
GRANT UPDATE (wechat_code, alipay_code) ON sale.setting TO fund_app;
