mod create;
mod create_dates;
mod create_process;
mod create_refused;
mod get;
mod upsert;
mod upsert_race;
mod view;
