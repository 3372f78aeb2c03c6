-- Files that clients sent. The bytes are in the storage, at the address that tenant and hash make; a ticket's
-- attachment refers to one as `upload:<id>`.
create table upload (
    tenant_id bigint not null references tenant (id),
    -- 32 hexadecimal digits, random: whoever can guess it may not open it, but need not know that it exists.
    id text collate "C" not null check (id ~ '^[0-9a-f]{32}$'),
    -- Of the content, hexadecimal. Several uploads of the same bytes share one stored file.
    sha256 text collate "C" not null check (sha256 ~ '^[0-9a-f]{64}$'),
    size_bytes bigint not null check (size_bytes >= 0),
    -- As the first bytes say, whatever the client said.
    content_type text not null,
    -- Safe to be the name of a file anywhere.
    name text not null check (name <> ''),
    created_at timestamptz not null,
    actor_kind text not null check (actor_kind in ('agent', 'integration', 'system')),
    actor_id bigint,
    actor_name text,
    primary key (tenant_id, id)
);

alter table upload enable row level security;
alter table upload force row level security;
create policy tenant on upload to tessera_app using (tenant_id = current_setting('app.tenant_id')::bigint);
grant select, insert, update, delete on upload to tessera_app;

-- A link to a file asks for no credential, so that the tenant's state is looked at where the file is.
grant select (id, disabled_at) on tenant to tessera_app;
