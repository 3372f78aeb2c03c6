-- The credentials of programs: LiveDesk's API keys and SocialBoards' refresh tokens. A new table: the program before it
-- does not know it.

create table credential (
    tenant_id bigint not null references tenant (id),
    kind text not null check (kind in ('api_key', 'refresh_token')),
    -- The key, or the client id. It holds the tenant's number, so that finding it starts with the tenant.
    id text collate "C" not null,
    name text not null,
    -- SHA-256: the secret has 256 random bits, so that a slow hash would add nothing.
    secret_hash bytea not null check (length(secret_hash) = 32),
    created_at timestamptz not null,
    -- To the minute.
    last_used_at timestamptz,
    revoked_at timestamptz,
    primary key (tenant_id, kind, id)
);
create unique index credential_name on credential (tenant_id, kind, name) where revoked_at is null;
-- SocialBoards' first version sends a token without its client id.
create unique index credential_secret on credential (tenant_id, kind, secret_hash);

alter table credential enable row level security;
alter table credential force row level security;
create policy tenant on credential to tessera_app using (tenant_id = current_setting('app.tenant_id')::bigint);
grant select, insert, update, delete on credential to tessera_app;

-- Across tenants: finding who a credential belongs to.
create policy credentials on credential to tessera_system using (true);
grant select, update (last_used_at) on credential to tessera_system;
