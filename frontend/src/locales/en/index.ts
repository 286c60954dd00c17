import accounts from "./accounts.json";
import campaigns from "./campaigns.json";
import common from "./common.json";
import connectors from "./connectors.json";
import contacts from "./contacts.json";
import linking from "./linking.json";
import notices from "./notices.json";
import reports from "./reports.json";
import security from "./security.json";
import templates from "./templates.json";
import tickets from "./tickets.json";

export default { accounts, campaigns, common, connectors, contacts, linking, notices, reports, security, templates, tickets };
