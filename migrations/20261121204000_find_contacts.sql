-- What contacts are looked for by, folded: under row-level security only plain comparisons of columns reach an index.
alter table contact add column name_folded text collate "C" generated always as (lower(name)) stored;
alter table contact add column phone_digits text collate "C"
    generated always as (nullif(regexp_replace(phone, '[^0-9]', '', 'g'), '')) stored;
create index contact_name on contact (tenant_id, name_folded) where name_folded is not null;
create index contact_phone on contact (tenant_id, phone_digits) where phone_digits is not null;
